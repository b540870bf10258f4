using CsCheck;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Storage.Blobs;

namespace DeepSeek.Federated.Storage.Tests.Blobs;

public sealed class A_blob_store : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Content = [.. Enumerable.Range(0, 2_500_000).Select(i => (byte)(i * 31 % 251))];
    private static readonly Digest Name = Digest.Of(Content);
    private readonly TemporaryFolder _folder = new();
    private readonly DirectoryBlobStore _store;

    public A_blob_store() => _store = new DirectoryBlobStore(_folder.File("blobs"));

    private Task<PieceOutcome> Put(int offset, int count, DirectoryBlobStore? store = null) =>
        (store ?? _store).WritePiece(Name, offset, Content.Length, new MemoryStream(Content, offset, count), None);

    [Fact]
    public async Task takes_a_blob_whole()
    {
        Assert.Equal(new BlobStatus.Absent(), await _store.Status(Name, None));
        Assert.Equal(new PieceOutcome.Whole(), await Put(0, Content.Length));
        Assert.Equal(new BlobStatus.Whole(Content.Length), await _store.Status(Name, None));
        Assert.Equal(Content, await Read());
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task takes_a_blob_in_pieces_and_after_a_restart_goes_on_where_it_was()
    {
        Assert.Equal(new PieceOutcome.More(1_100_000), await Put(0, 1_100_000));
        var restarted = new DirectoryBlobStore(_folder.File("blobs"));
        Assert.Equal(new BlobStatus.Partial(1_100_000), await restarted.Status(Name, None));
        Assert.Equal(new PieceOutcome.More(1_100_001), await Put(1_100_000, 1, restarted));
        Assert.Equal(new PieceOutcome.Whole(), await Put(1_100_001, Content.Length - 1_100_001, restarted));
        Assert.Equal(Content, await Read());
    }

    [Fact]
    public async Task is_whole_however_it_was_cut()
    {
        var cuts = 0;
        await Gen.Select(Gen.Byte.Array[1, 300], Gen.Int[1, 100].Array[1, 8]).SampleAsync(async (bytes, lengths) =>
        {
            var (name, offset, next) = (Digest.Of(bytes), 0L, 0);
            await _store.Delete(name, None);
            for (PieceOutcome? outcome = null; outcome is not PieceOutcome.Whole; next++)
            {
                var length = (int)Math.Min(lengths[next % lengths.Length], bytes.Length - offset);
                outcome = await _store.WritePiece(name, offset, bytes.Length, new MemoryStream(bytes, (int)offset, length), None);
                offset += length;
                Assert.True(outcome == new PieceOutcome.More(offset) || (outcome is PieceOutcome.Whole && offset == bytes.Length));
            }
            Interlocked.Add(ref cuts, next - 1);
            using var copy = new MemoryStream();
            await using (var stream = _store.OpenRead(name)) await stream.CopyToAsync(copy);
            Assert.Equal(bytes, copy.ToArray());
        }, iter: 60, threads: 1);
        Assert.True(cuts > 0, "the generator must cut");
    }

    [Fact]
    public async Task answers_a_blob_that_it_has_with_whole_whatever_is_sent()
    {
        await Put(0, Content.Length);
        Assert.Equal(new PieceOutcome.Whole(), await Put(7, 5));
        Assert.Equal(Content, await Read());
    }

    [Fact]
    public async Task says_where_to_go_on_when_a_piece_begins_elsewhere()
    {
        Assert.Equal(new PieceOutcome.WrongOffset(0), await Put(10, 10));
        await Put(0, 100);
        Assert.Equal(new PieceOutcome.WrongOffset(100), await Put(0, 100));
        Assert.Equal(new PieceOutcome.WrongOffset(100), await Put(200, 100));
        Assert.Equal(new PieceOutcome.Whole(), await Put(100, Content.Length - 100));
    }

    [Fact]
    public async Task reads_and_makes_nothing_for_a_piece_that_begins_elsewhere()
    {
        Assert.Equal(new PieceOutcome.WrongOffset(0), await Put(10, 10));
        Assert.Empty(_store.Partials());
        await Put(0, 100);
        Assert.Equal([Name], _store.Partials());
        using var locked = new FileStream(Partials().Single(), FileMode.Open, FileAccess.ReadWrite, FileShare.None); // whoever opened it now would fail
        Assert.Equal(new PieceOutcome.WrongOffset(100), await Put(0, 1));
        Assert.Equal(new PieceOutcome.WrongOffset(100), await Put(101, 1));
    }

    [Fact]
    public async Task verifies_a_blob_whose_process_ended_before_it_could()
    {
        await Put(0, 100);
        await File.WriteAllBytesAsync(Partials().Single(), Content, None);
        Assert.Equal(new PieceOutcome.Whole(), await Put(Content.Length, 0));
        Assert.Equal(Content, await Read());
    }

    [Fact]
    public async Task finds_at_the_end_that_what_lay_here_is_not_what_was_sent()
    {
        await Put(0, 100);
        await File.WriteAllBytesAsync(Partials().Single(), new byte[100], None);
        Assert.Equal(new PieceOutcome.DigestMismatch(), await Put(100, Content.Length - 100));
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task discards_bytes_that_are_not_what_their_name_says()
    {
        var other = Facts.Named("other");
        Assert.Equal(new PieceOutcome.DigestMismatch(), await _store.WritePiece(other, 0, 3, new MemoryStream([1, 2, 3]), None));
        Assert.Equal(new BlobStatus.Absent(), await _store.Status(other, None));
        Assert.Empty(Partials());
        Assert.Throws<FileNotFoundException>(() => _store.OpenRead(other));
    }

    [Fact]
    public async Task refuses_a_piece_that_goes_beyond_the_announced_length_and_keeps_what_was_before()
    {
        await Put(0, 1000);
        var endless = new MemoryStream(new byte[Content.Length * 2]);
        Assert.Equal(new PieceOutcome.TooLong(Content.Length), await _store.WritePiece(Name, 1000, Content.Length, endless, None));
        Assert.Equal(Content.Length - 1000 + 1, endless.Position);
        Assert.Equal(new BlobStatus.Partial(1000), await _store.Status(Name, None));
        Assert.Equal(new PieceOutcome.TooLong(10), await _store.WritePiece(Name, 1000, 10, new MemoryStream(), None));
        Assert.Equal(new PieceOutcome.Whole(), await Put(1000, Content.Length - 1000));
    }

    [Fact]
    public async Task knows_the_blob_without_bytes()
    {
        var empty = Digest.Of([]);
        Assert.Equal(new PieceOutcome.Whole(), await _store.WritePiece(empty, 0, 0, new MemoryStream(), None));
        Assert.Equal(new BlobStatus.Whole(0), await _store.Status(empty, None));
        Assert.Equal(new PieceOutcome.DigestMismatch(), await _store.WritePiece(Name, 0, 0, new MemoryStream(), None));
        Assert.Equal(empty, await _store.Write(_ => Task.CompletedTask, None));
    }

    [Fact]
    public async Task keeps_what_came_when_the_link_breaks()
    {
        await Assert.ThrowsAsync<IOException>(() => _store.WritePiece(Name, 0, Content.Length, new BreakingStream(Content, 1_200_000), None));
        Assert.Equal(new BlobStatus.Partial(1_200_000), await _store.Status(Name, None));
        Assert.Equal(new PieceOutcome.Whole(), await Put(1_200_000, Content.Length - 1_200_000));
        Assert.Equal(Content, await Read());
    }

    [Fact]
    public async Task is_not_confused_by_two_links_that_bring_the_same_blob_at_once()
    {
        var slow = new HeldStream(Content);
        var first = _store.WritePiece(Name, 0, Content.Length, slow, None);
        await slow.Asked;
        var second = Put(0, Content.Length);
        Assert.False(second.IsCompleted);
        slow.Release();
        Assert.Equal(new PieceOutcome.Whole(), await first);
        Assert.Equal(new PieceOutcome.Whole(), await second);
        Assert.Equal(Content, await Read());
    }

    [Fact]
    public async Task lets_a_second_link_go_on_where_a_broken_first_one_ended()
    {
        var slow = new HeldStream(Content) { Breaks = true };
        var first = _store.WritePiece(Name, 0, Content.Length, slow, None);
        await slow.Asked;
        using var impatient = new CancellationTokenSource();
        var cancelled = _store.WritePiece(Name, 0, Content.Length, new MemoryStream(Content), impatient.Token);
        var second = Put(0, Content.Length);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        slow.Release();
        await Assert.ThrowsAsync<IOException>(() => first);
        Assert.Equal(new PieceOutcome.Whole(), await second);
    }

    [Fact]
    public async Task keeps_what_was_written_whole_when_the_disk_is_full_and_goes_on_later()
    {
        var full = true;
        var store = new DirectoryBlobStore(_folder.File("blobs"), async (file, bytes, offset, _) =>
        {
            if (!full || offset < 1 << 20)
            {
                await RandomAccess.WriteAsync(file, bytes, offset, None);
                return;
            }
            await RandomAccess.WriteAsync(file, bytes[..10], offset, None); // a disk fills up in mid-write
            throw OutOfSpace();
        });
        Assert.Equal(new PieceOutcome.DiskFull(1 << 20), await Put(0, Content.Length, store));
        Assert.Equal(new BlobStatus.Partial(1 << 20), await store.Status(Name, None));
        full = false;
        Assert.Equal(new PieceOutcome.Whole(), await Put(1 << 20, Content.Length - (1 << 20), store));
        Assert.Equal(Content, await Read());
    }

    [Fact]
    public async Task writes_the_coordinators_own_bytes_and_names_them()
    {
        await Put(0, 100);
        Assert.Equal(Name, await _store.Write(to => to.WriteAsync(Content, None).AsTask(), None));
        Assert.Equal(Name, await _store.Write(to => to.WriteAsync(Content, None).AsTask(), None));
        Assert.Equal(Content, await Read());
        Assert.Empty(Partials());
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.Write(_ => throw new InvalidOperationException(), None));
        Assert.Empty(Partials());
    }

    [Fact]
    public async Task forgets_what_is_deleted_whole_or_not()
    {
        await Put(0, 100);
        await _store.Delete(Name, None);
        Assert.Equal(new BlobStatus.Absent(), await _store.Status(Name, None));
        await Put(0, Content.Length);
        await _store.Delete(Name, None);
        await _store.Delete(Name, None);
        Assert.Equal(new BlobStatus.Absent(), await _store.Status(Name, None));
    }

    [Fact]
    public void is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has access lists instead of modes.");
        else Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File("blobs")));
    }

    private async Task<byte[]> Read()
    {
        await using var stream = _store.OpenRead(Name);
        Assert.Equal(Content.Length, stream.Length);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private IEnumerable<string> Partials() => Directory.EnumerateFiles(_folder.File("blobs/partial"));

    /// <summary>What this system really throws: /dev/full where there is one.</summary>
    internal static IOException OutOfSpace()
    {
        if (!File.Exists("/dev/full")) return new IOException("No space left.", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);
        try
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            full.Write([1]);
        }
        catch (IOException broken)
        {
            return broken;
        }
        throw new InvalidOperationException("/dev/full took a byte.");
    }

    public void Dispose() => _folder.Dispose();
}
