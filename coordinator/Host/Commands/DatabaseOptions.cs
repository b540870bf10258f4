using System.CommandLine;
using DeepSeek.Federated.Coordinator.Founding;

namespace DeepSeek.Federated.Coordinator.Commands;

/// <summary>The options that say where the ledger goes. The password is never one of them: everybody on the machine may read a command line.</summary>
internal sealed class DatabaseOptions
{
    public DatabaseOptions(string otherwise)
    {
        Kind = new Option<string?>("--database") { Description = $"Where the ledger is kept: sqlite (a file in the folder) or postgres [default: {otherwise}]", HelpName = "KIND" };
        Kind.AcceptOnlyFromAmong(DatabaseChoice.SqliteWord, DatabaseChoice.PostgresWord);
        File = new Option<string?>("--connection-string-file")
        {
            Description = $"File of mode 0600 with the connection string for postgres (or set the environment variable {ConnectionSecret.Variable})", HelpName = "FILE",
        };
    }

    public Option<string?> Kind { get; }

    public Option<string?> File { get; }

    /// <summary>What was chosen; null when nothing was.</summary>
    /// <exception cref="SettingsException">The options contradict each other.</exception>
    public DatabaseChoice? Of(ParseResult parsed)
    {
        var file = parsed.GetValue(File) is { } named ? Path.GetFullPath(named) : null;
        if (parsed.GetValue(Kind) is { } kind)
            return DatabaseChoice.Read(kind, file) ?? throw new SettingsException($"--connection-string-file goes with --database {DatabaseChoice.PostgresWord}.");
        return file is null ? null : throw new SettingsException($"--connection-string-file goes with --database {DatabaseChoice.PostgresWord}: say so, or leave it out.");
    }

    /// <summary>A connection string that is meant and not used would be found out when the ledger has grown in the wrong place.</summary>
    /// <exception cref="SettingsException">The environment holds one, and no option says whether it is meant.</exception>
    public void RequireNoneMeant()
    {
        if (Environment.GetEnvironmentVariable(ConnectionSecret.Variable) is { Length: > 0 })
            throw new SettingsException($"{ConnectionSecret.Variable} is set: say {Kind.Name} {DatabaseChoice.PostgresWord} to keep the ledger there, or {Kind.Name} {DatabaseChoice.SqliteWord}.");
    }
}
