using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace DeepSeek.Federated.Storage.Tests;

/// <summary>A PostgreSQL server of one test's own, which the test stops and starts. <c>FEDERATED_POSTGRES_BIN</c> names the programs.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postgres-").FullName;
    private readonly int _port = FreePort();

    private TestServer()
    {
    }

    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _port, Username = "tests", Password = "known to the test", Database = "ledger" }.ConnectionString;

    public static async Task<TestServer> Create()
    {
        _ = TestDatabase.Server; // skipped where there is no PostgreSQL, a failure on the build machine
        var server = new TestServer();
        await File.WriteAllTextAsync(Path.Combine(server._folder, "password"), "known to the test");
        if (Environment.IsPrivilegedProcess) await Run("chown", "-R", "postgres", server._folder);
        await server.Program("initdb", "--username=tests", "--auth=scram-sha-256", $"--pwfile={server._folder}/password", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8");
        await server.Start();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("CREATE DATABASE ledger", connection);
        await command.ExecuteNonQueryAsync();
        return server;
    }

    /// <summary>Ends when it takes connections.</summary>
    public Task Start() => Program(
        "pg_ctl", "--wait", $"--log={_folder}/log", $"--options=-c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories=", "start");

    /// <summary>Ends when the process has ended; no session is waited for.</summary>
    public Task Stop() => Program("pg_ctl", "--wait", "--mode=immediate", "stop");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists($"{_folder}/data/postmaster.pid")) await Stop();
        Directory.Delete(_folder, recursive: true);
    }

    // PostgreSQL refuses to run as root.
    private Task Program(string name, params string[] arguments)
    {
        var program = Path.Combine(Environment.GetEnvironmentVariable("FEDERATED_POSTGRES_BIN") ?? "/usr/lib/postgresql/15/bin", name);
        string[] whole = [program, $"--pgdata={_folder}/data", .. arguments];
        return Environment.IsPrivilegedProcess ? Run("runuser", ["-u", "postgres", "--", .. whole]) : Run(whole[0], whole[1..]);
    }

    private static async Task Run(string program, params string[] arguments)
    {
        // The server keeps the streams of who starts it: reading them to the end would wait for the server's end.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
