using Npgsql;

namespace DeepSeek.Federated.Storage.Tests;

/// <summary>What is so of PostgreSQL only.</summary>
public sealed class A_PostgreSQL_server : IDisposable
{
    private readonly LedgerBench _bench = new(Provider.Postgres);

    [Fact]
    public async Task lets_one_coordinator_in_and_tells_the_second_to_stop()
    {
        await using var first = await _bench.Open();
        await using var second = _bench.Closed();
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => second.Ledger.Start(CancellationToken.None));
        Assert.Contains("Another coordinator", refused.Message, StringComparison.Ordinal);
        await first.Append(Facts.Invited("north", 0));
        await first.DisposeAsync();
        await using var third = await _bench.Open();
        Assert.Equal(1, third.Ledger.Head.Size);
    }

    [Fact]
    public async Task that_ended_the_writers_session_fails_one_batch_and_no_more()
    {
        await using var open = await _bench.Open();
        await open.Append(Facts.Invited("north", 0));
        open.Databases.Cut();
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Invited("north", 1)));
        Assert.Contains("goes on by itself", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await open.Append(Facts.Invited("north", 1)))[0].Index);
    }

    [Fact]
    public async Task makes_every_commit_durable_although_the_database_is_set_to_answer_before()
    {
        _bench.Databases.Execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$");
        NpgsqlConnection.ClearAllPools();
        await using var open = await _bench.Open();
        await using var session = new Appending.WriterSession(open.Databases);
        await open.Ledger.DisposeAsync();
        await using var database = await session.Open(CancellationToken.None);
        await using var command = ((NpgsqlConnection)Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(database.Database)).CreateCommand();
        command.CommandText = "SHOW synchronous_commit";
        Assert.Equal("on", await command.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("Password", "wrong", "refuses the user")]
    [InlineData("Database", "no_such_database", "no such database")]
    [InlineData("Port", "1", "does not answer")]
    [InlineData("Host", "no-such-host.invalid", "does not answer")]
    [InlineData("SSL Mode", "VerifyFull", "no TLS that can be trusted")]
    public async Task that_cannot_be_used_is_named_with_the_mend_and_without_the_password(string part, string value, string sentence)
    {
        var wrong = new NpgsqlConnectionStringBuilder(TestDatabase.Server) { Database = "postgres", [part] = value };
        if (part == "Host") wrong.SslMode = SslMode.Disable;
        await using var closed = OpenLedger.Closed(new LedgerPlace.OnServer(PostgresAddress.Parse(wrong.ConnectionString)));
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => closed.Ledger.Start(CancellationToken.None));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong.Password!, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task whose_database_holds_something_else_is_refused()
    {
        _bench.Databases.Execute("CREATE TABLE studies (of_somebody_else int)");
        await using var closed = _bench.Closed();
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => closed.Ledger.Start(CancellationToken.None));
        Assert.Contains("a database of its own", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task that_stops_and_starts_again_loses_nothing_and_the_ledger_goes_on()
    {
        await using var server = await TestServer.Create();
        await using var open = await OpenLedger.On(new LedgerPlace.OnServer(PostgresAddress.Parse(server.ConnectionString)));
        await open.Append(Facts.Invited("north", 0));
        await server.Stop();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Invited("north", 1)));
            Assert.Contains("The ledger goes on by itself", refused.Message, StringComparison.Ordinal);
        }
        await Assert.ThrowsAsync<LedgerUnavailableException>(open.All);

        await server.Start();
        Assert.Equal(1, (await open.Append(Facts.Invited("north", 1)))[0].Index);
        Assert.Equal([0L, 1], (await open.All()).Select(e => e.Sequence));
    }

    public void Dispose() => _bench.Dispose();
}
