namespace DeepSeek.Federated.Architecture.Tests;

public sealed class The_arrows
{
    /// <summary>Which rooms a room may refer to. A room that is not named here may not exist.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["shared/Domain"]         = [],
        ["shared/Documents"]      = ["shared/Domain"],
        ["shared/Parameters"]     = ["shared/Domain"],
        ["shared/Aggregation"]    = ["shared/Domain", "shared/Parameters"],
        ["shared/Signing"]        = ["shared/Domain"],
        ["shared/Lineage"]        = ["shared/Domain", "shared/Signing"],
        ["shared/Protocol"]       = ["shared/Domain"],
        ["coordinator/Storage"]   = ["shared/Domain", "shared/Signing", "shared/Lineage"],
        ["coordinator/Grains"]    = ["shared/Domain", "shared/Parameters", "shared/Aggregation", "shared/Signing", "shared/Lineage", "coordinator/Storage"],
        ["coordinator/Host"]      =
        [
            "shared/Domain", "shared/Parameters", "shared/Signing", "shared/Lineage", "shared/Protocol", "coordinator/Storage", "coordinator/Grains",
        ],
        ["coordinator/Cli"]       = ["shared/Domain", "shared/Documents", "shared/Parameters", "shared/Signing", "shared/Lineage", "shared/Protocol"],
        ["client-agent/Data"]     = ["shared/Domain"],
        ["client-agent/Learning"] = ["shared/Domain", "shared/Parameters"],
        ["client-agent/Host"]     =
        [
            "shared/Domain", "shared/Documents", "shared/Parameters", "shared/Aggregation", "shared/Signing", "shared/Lineage", "shared/Protocol", "client-agent/Data",
            "client-agent/Learning",
        ],
        ["deploy/Sandbox"]        = ["shared/Domain", "shared/Documents", "shared/Parameters", "client-agent/Data", "client-agent/Learning"],
    };

    /// <summary>A dependency that only one wing or room may have, and where.</summary>
    private static readonly (string Assembly, string[] Only)[] Confined =
    [
        ("TorchSharp", ["client-agent/Learning", "client-agent/Host", "deploy/Sandbox"]),
        ("Orleans", ["coordinator/Grains", "coordinator/Host"]),
        ("Microsoft.Orleans", ["coordinator/Grains", "coordinator/Host"]),
        ("Microsoft.EntityFrameworkCore", ["coordinator/Storage"]),
        ("Microsoft.Data.Sqlite", ["coordinator/Storage"]),
        ("Npgsql", ["coordinator/Storage"]),
        ("Microsoft.AspNetCore", ["coordinator/Host"]),
        ("YamlDotNet", ["shared/Documents"]),
        ("NSec", ["shared/Signing"]),
        ("CsvHelper", ["client-agent/Data"]),
        ("Google.Protobuf", ["shared/Protocol", "coordinator/Host", "coordinator/Cli", "client-agent/Host"]),
        ("Grpc", ["shared/Protocol", "coordinator/Host", "coordinator/Cli", "client-agent/Host"]),
    ];

    [Fact]
    public void point_inward_in_every_compiled_assembly()
    {
        var names = House.Rooms.ToDictionary(r => r.Assembly, r => r.Name);
        Assert.All(House.Rooms, room =>
        {
            Assert.True(Allowed.ContainsKey(room.Name), $"{room.Name} is not drawn: add it to the picture or remove it.");
            var reached = House.ReferencesOf(room).Where(names.ContainsKey).Select(a => names[a]);
            Assert.Empty(reached.Except(Allowed[room.Name]));
        });
    }

    [Fact]
    public void of_confined_libraries_end_where_they_must() =>
        Assert.All(House.Rooms, room => Assert.Empty(
            from reference in House.ReferencesOf(room)
            from confined in Confined
            where (reference == confined.Assembly || reference.StartsWith(confined.Assembly + ".", StringComparison.Ordinal)) && !confined.Only.Contains(room.Name)
            select $"{room.Name} → {reference}"));

    [Fact]
    public void of_the_domain_reach_the_base_library_only() =>
        Assert.All(House.ReferencesOf(House.Rooms.Single(r => r.Name == "shared/Domain")), name => Assert.StartsWith("System.", name, StringComparison.Ordinal));

    [Fact]
    public void cover_every_room_of_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(House.Root, "DeepSeek.Federated.sln")).Replace('\\', '/');
        Assert.All(House.Rooms, room => Assert.Contains($"{room.Name}/{room.Project}.csproj", solution, StringComparison.Ordinal));
        Assert.Empty(Allowed.Keys.Except(House.Rooms.Select(r => r.Name)));
        var tests = Directory.EnumerateFiles(Path.Combine(House.Root, "tests"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileName);
        Assert.All(tests, test => Assert.Contains(test!, solution, StringComparison.Ordinal));
    }
}
