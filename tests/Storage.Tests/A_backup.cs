using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Storage.Tests;

public sealed class A_backup : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();
    private string Path => _folder.File("ledger.db");
    private string Copy => _folder.File("copy.db");

    [Fact]
    public async Task is_taken_while_the_ledger_runs_and_can_be_gone_on_from()
    {
        await using var open = await OpenLedger.On(Path);
        await open.Append(Facts.Invited("north", 0), Facts.Invited("north", 1), Facts.Invited("north", 2));
        var head = open.Ledger.Head;
        var summary = await LedgerBackup.Write(Path, Copy, None);
        await open.Append(Facts.Invited("north", 3));
        Assert.Equal(new BackupSummary(3, head.Root, Facts.Noon), summary);
        Assert.Equal(summary, await LedgerBackup.Verify(Copy, None));

        var restored = _folder.File("restored.db");
        Assert.Equal(summary, await LedgerBackup.Restore(Copy, restored, None));
        await using var again = await OpenLedger.On(restored);
        Assert.Equal(head.Note, again.Ledger.Head.Note);
        var next = await again.Reader.NextSequence(Streams.Federation, None);
        await again.Append(new FederationEvent.LedgerRecovered(summary.Size, summary.Root, summary.Newest!.Value).Pending(next));
        Assert.Equal(4, again.Ledger.Head.Size);
    }

    [Fact]
    public async Task never_overwrites_anything()
    {
        await using var open = await OpenLedger.On(Path);
        await File.WriteAllTextAsync(Copy, "mine");
        await Assert.ThrowsAsync<IOException>(() => LedgerBackup.Write(Path, Copy, None));
        Assert.Equal("mine", await File.ReadAllTextAsync(Copy));
        await LedgerBackup.Write(Path, _folder.File("good.db"), None);
        await Assert.ThrowsAsync<IOException>(() => LedgerBackup.Restore(_folder.File("good.db"), Path, None));
    }

    [Fact]
    public async Task that_was_changed_or_is_none_is_refused_and_nothing_is_restored()
    {
        await using var open = await OpenLedger.On(Path);
        await open.Append(Facts.Invited("north", 0));
        await LedgerBackup.Write(Path, Copy, None);
        new Databases(Copy).Execute("UPDATE leaves SET Data = X'7B7D'");
        await Assert.ThrowsAsync<LedgerDamagedException>(() => LedgerBackup.Restore(Copy, _folder.File("restored.db"), None));
        await File.WriteAllTextAsync(_folder.File("text.db"), "no database at all, but long enough to be looked at");
        await Assert.ThrowsAsync<LedgerDamagedException>(() => LedgerBackup.Restore(_folder.File("text.db"), _folder.File("restored.db"), None));
        await Assert.ThrowsAsync<FileNotFoundException>(() => LedgerBackup.Verify(_folder.File("absent.db"), None));
        await Assert.ThrowsAsync<FileNotFoundException>(() => LedgerBackup.Write(_folder.File("absent.db"), _folder.File("x.db"), None));
        Assert.False(File.Exists(_folder.File("restored.db")));
    }

    [Fact]
    public async Task that_cannot_be_written_leaves_nothing()
    {
        await using var open = await OpenLedger.On(Path);
        await Assert.ThrowsAnyAsync<IOException>(() => LedgerBackup.Write(Path, _folder.File("no-such-folder/copy.db"), None));
    }

    public void Dispose() => _folder.Dispose();
}
