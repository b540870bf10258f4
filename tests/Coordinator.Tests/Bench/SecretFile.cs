using DeepSeek.Federated.Coordinator.Founding;

namespace DeepSeek.Federated.Coordinator.Tests.Bench;

/// <summary>Connection strings in files as the coordinator wants them.</summary>
internal static class SecretFile
{
    public static string Write(string folder, string connectionString)
    {
        var file = Path.Combine(folder, Path.GetRandomFileName());
        OwnerFile.Write(file, connectionString + "\n");
        return file;
    }

    public static CoordinatorSettings On(string file, string name = "demo") =>
        CoordinatorSettings.Of(name, ["localhost", "127.0.0.1"], 0) with { Database = new DatabaseChoice.Postgres(file) };
}
