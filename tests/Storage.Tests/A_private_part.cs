using DeepSeek.Federated.Lineage.Leaves;

namespace DeepSeek.Federated.Storage.Tests;

public abstract class A_private_part(Provider provider) : IDisposable
{
    public sealed class On_SQLite() : A_private_part(Provider.Sqlite);

    public sealed class On_PostgreSQL() : A_private_part(Provider.Postgres);

    private const string Sentence = """{"sentence":"the scanner is being replaced"}""";
    private readonly LedgerBench _bench = new(provider);

    [Fact]
    public async Task stands_beside_a_leaf_that_only_commits_to_it()
    {
        await using var open = await _bench.Open();
        await open.Append(Facts.Invited("south", 0).Event.Pending(0, Sentence), Facts.Invited("south", 1));
        var part = await new PrivateParts(open.Databases).Find(0, CancellationToken.None);
        var bytes = (await open.Reader.ReadLeaves(0, 1, CancellationToken.None))[0].Leaf;

        Assert.Equal(Sentence, System.Text.Encoding.UTF8.GetString(part!.Content.Span));
        Assert.True(part.Opens(Leaf.Decode(bytes)));
        Assert.DoesNotContain("scanner", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Null(await new PrivateParts(open.Databases).Find(1, CancellationToken.None));
    }

    [Fact]
    public async Task can_be_erased_and_the_ledger_still_holds()
    {
        await using (var open = await _bench.Open())
        {
            await open.Append(Facts.Invited("south", 0).Event.Pending(0, Sentence));
            Assert.True(await new PrivateParts(open.Databases).Erase(0, CancellationToken.None));
            Assert.False(await new PrivateParts(open.Databases).Erase(0, CancellationToken.None));
        }
        await using var again = await _bench.Open();
        Assert.Equal(1, (await LedgerBackup.Write(_bench.Place, _bench.Folder.File("copy.db"), CancellationToken.None)).Size);
    }

    [Fact]
    public async Task that_is_no_canonical_json_is_refused()
    {
        await using var open = await _bench.Open();
        Assert.Throws<FormatException>(() => { _ = open.Append(Facts.Invited("south", 0).Event.Pending(0, "{ }")); });
    }

    public void Dispose() => _bench.Dispose();
}
