using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Coordinator.Founding;

/// <summary>Where the connection string comes from: a file that only its owner may read, or the environment.</summary>
internal static class ConnectionSecret
{
    /// <summary>Environment variable with the connection string, read where no file is named.</summary>
    public const string Variable = "FEDERATED_DATABASE";

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="SettingsException">There is none, others may read it, or it is no connection string.</exception>
    public static PostgresAddress Read(string? file)
    {
        var (from, text) = file is null ? ($"{Variable}", FromEnvironment()) : (file, FromFile(file));
        try
        {
            return PostgresAddress.Parse(text.Trim());
        }
        catch (FormatException broken)
        {
            throw new SettingsException($"{from}: {broken.Message}");
        }
    }

    private static string FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : throw new SettingsException(
        $"The ledger is on PostgreSQL, and nothing says how to reach it. Write the connection string into a file of mode 0600 and name it "
        + $"(--connection-string-file at init and restore, connectionStringFile in coordinator.json), or set {Variable}. It looks like {PostgresAddress.Form}");

    private static string FromFile(string file)
    {
        if (!File.Exists(file)) throw new SettingsException($"There is no connection string in {file}: the file is not there, or this user may not enter its folder.");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            throw new SettingsException($"{file} holds a password, and others than its owner may read or change it. Say: chmod 600 {file}");
        return File.ReadAllText(file);
    }
}
