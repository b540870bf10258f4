using Npgsql;

namespace DeepSeek.Federated.Storage.Tests;

/// <summary>An empty database on the PostgreSQL server that <c>FEDERATED_POSTGRES</c> names, dropped at the end.</summary>
internal sealed class TestDatabase : IDisposable
{
    public const string Variable = "FEDERATED_POSTGRES";

    private readonly string _name = $"ledger_{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}";

    public TestDatabase()
    {
        OnServer($"CREATE DATABASE {_name}");
        ConnectionString = new NpgsqlConnectionStringBuilder(Server) { Database = _name }.ConnectionString;
    }

    public string ConnectionString { get; }

    public LedgerPlace.OnServer Place => new(PostgresAddress.Parse(ConnectionString));

    /// <summary>Where it is not set the test is skipped; on the build machine it must be.</summary>
    public static string Server
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } server) return server;
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{Variable} names no PostgreSQL server, and the build machine must have one.");
            Assert.Skip($"{Variable} names no PostgreSQL server.");
            return "";
        }
    }

    public void Dispose() => OnServer($"DROP DATABASE {_name} WITH (FORCE)");

    private static void OnServer(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Database = "postgres" }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
