using DeepSeek.Federated.Lineage.Leaves;

namespace DeepSeek.Federated.Storage.Tests;

public sealed class A_private_part : IDisposable
{
    private const string Sentence = """{"sentence":"the scanner is being replaced"}""";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task stands_beside_a_leaf_that_only_commits_to_it()
    {
        await using var open = await OpenLedger.On(_folder.File("ledger.db"));
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
        var path = _folder.File("ledger.db");
        await using (var open = await OpenLedger.On(path))
        {
            await open.Append(Facts.Invited("south", 0).Event.Pending(0, Sentence));
            Assert.True(await new PrivateParts(open.Databases).Erase(0, CancellationToken.None));
            Assert.False(await new PrivateParts(open.Databases).Erase(0, CancellationToken.None));
            open.Databases.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            Assert.DoesNotContain("scanner", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path)), StringComparison.Ordinal);
        }
        await using var again = await OpenLedger.On(path);
        Assert.Equal(1, (await LedgerBackup.Write(path, _folder.File("copy.db"), CancellationToken.None)).Size);
    }

    [Fact]
    public async Task that_is_no_canonical_json_is_refused()
    {
        await using var open = await OpenLedger.On(_folder.File("ledger.db"));
        Assert.Throws<FormatException>(() => { _ = open.Append(Facts.Invited("south", 0).Event.Pending(0, "{ }")); });
    }

    public void Dispose() => _folder.Dispose();
}
