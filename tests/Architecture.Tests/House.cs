using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DeepSeek.Federated.Architecture.Tests;

/// <summary>The house as it stands on disk: its rooms, its sources, and what its assemblies really refer to.</summary>
internal static partial class House
{
    public static string Root { get; } = Path.GetFullPath(Metadata("Root"));

    public static IReadOnlyList<Room> Rooms { get; } =
    [
        .. new[] { "shared", "coordinator", "client-agent", "deploy" }
            .SelectMany(wing => Directory.EnumerateFiles(Path.Combine(Root, wing), "*.csproj", SearchOption.AllDirectories))
            .Select(file => new Room(file)),
    ];

    public static IEnumerable<SourceFile> Sources =>
        Rooms.SelectMany(room => Directory.EnumerateFiles(room.Folder, "*.cs", SearchOption.AllDirectories))
            .Where(path => !BuildFolder().IsMatch(path))
            .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllLines(path)));

    /// <summary>The simple names of the assemblies that a room's own assembly refers to, as its metadata says.</summary>
    public static IReadOnlyList<string> ReferencesOf(Room room)
    {
        var path = Path.Combine(Metadata("Outputs"), room.Project, Metadata("Configuration"), $"{room.Assembly}.dll");
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))];
    }

    private static string Metadata(string key) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    [GeneratedRegex(@"[\\/](obj|bin)[\\/]")]
    private static partial Regex BuildFolder();
}

internal sealed record Room(string File)
{
    public string Folder => Path.GetDirectoryName(File)!;
    public string Name => Path.GetRelativePath(House.Root, Folder).Replace('\\', '/');
    public string Project => Path.GetFileNameWithoutExtension(File);
    public string Assembly => XDocument.Load(File).Descendants("AssemblyName").FirstOrDefault()?.Value ?? $"DeepSeek.Federated.{Project}";

    public override string ToString() => Name;
}

internal sealed record SourceFile(string Path, IReadOnlyList<string> Lines);
