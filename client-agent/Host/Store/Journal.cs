using System.Buffers.Binary;
using System.Security.Cryptography;
using DeepSeek.Federated.Lineage.Leaves;

namespace DeepSeek.Federated.Agent.Store;

/// <summary>Proven leaves on disk, in the order of their indices. Append-only; a torn last record is cut off when the file is opened.</summary>
/// <remarks>A record: length (int32) | index (int64) | leaf | the first 8 bytes of the SHA-256 of all before; little-endian.</remarks>
public sealed class Journal : IDisposable
{
    private const int Head = sizeof(int) + sizeof(long), Tail = 8;
    private readonly FileStream _file;
    private long _good;

    private Journal(FileStream file, long good) => (_file, _good) = (file, good);

    /// <summary>Where the next record begins.</summary>
    public long Length => _good;

    /// <summary>Opens or makes a journal and hands out what is in it; records from index <paramref name="below"/> on are cut off: they were never booked.</summary>
    /// <exception cref="SiteFaultException">A record before the last is damaged.</exception>
    public static Journal Open(string path, long below, Action<long, byte[]> read)
    {
        SiteDirectory.MakeFolder(Path.GetDirectoryName(path)!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var good = ReadAll(path, file, below, read);
            if (good < file.Length)
            {
                file.SetLength(good);
                file.Flush(flushToDisk: true);
            }
            file.Position = good;
            return new Journal(file, good);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a journal without taking part in it.</summary>
    public static void Read(string path, long below, Action<long, byte[]> read)
    {
        if (!File.Exists(path)) return;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        ReadAll(path, file, below, read);
    }

    /// <summary>Appends records and flushes them to the disk; after a failure the journal is as before.</summary>
    public void Append(IEnumerable<(long Index, ReadOnlyMemory<byte> Leaf)> records)
    {
        try
        {
            foreach (var (index, leaf) in records) _file.Write(Record(index, leaf.Span));
            _file.Flush(flushToDisk: true);
            _good = _file.Position;
        }
        catch (IOException)
        {
            CutTo(_good);
            throw;
        }
    }

    /// <summary>Takes back what was appended since it had this length.</summary>
    public void CutTo(long length)
    {
        _file.SetLength(length);
        _file.Position = _good = length;
    }

    public void Dispose() => _file.Dispose();

    private static long ReadAll(string path, FileStream file, long below, Action<long, byte[]> read)
    {
        var good = 0L;
        Span<byte> head = stackalloc byte[Head], check = stackalloc byte[Tail];
        while (true)
        {
            if (file.ReadAtLeast(head, Head, throwOnEndOfStream: false) < Head) return good;
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            var index = BinaryPrimitives.ReadInt64LittleEndian(head[sizeof(int)..]);
            var remains = file.Length - file.Position;
            if (length is < 1 or > Leaf.LargestLength || index < 0)
            {
                // A machine that lost its power may leave a tail of zeros: that is a torn record; anything else is damage.
                return head.ContainsAnyExcept((byte)0) ? throw Damaged(path, good) : good;
            }
            if (remains < length + Tail) return good;
            var leaf = new byte[length];
            file.ReadExactly(leaf);
            file.ReadExactly(check);
            if (!check.SequenceEqual(Record(index, leaf).AsSpan()[^Tail..])) return file.Position == file.Length ? good : throw Damaged(path, good);
            if (index >= below) return good;
            read(index, leaf);
            good = file.Position;
        }
    }

    private static byte[] Record(long index, ReadOnlySpan<byte> leaf)
    {
        var record = new byte[Head + leaf.Length + Tail];
        BinaryPrimitives.WriteInt32LittleEndian(record, leaf.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(sizeof(int)), index);
        leaf.CopyTo(record.AsSpan(Head));
        SHA256.HashData(record.AsSpan(0, Head + leaf.Length)).AsSpan(0, Tail).CopyTo(record.AsSpan(Head + leaf.Length));
        return record;
    }

    private static SiteFaultException Damaged(string path, long at) =>
        new($"'{path}' is damaged at byte {at}. Restore the folder from a backup, or move it and ledger.json away: the agent then reads the whole ledger again.");
}
