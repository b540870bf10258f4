using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>The record of everything that leaves: JSON lines, each naming the hash of the one before, flushed to the disk before the bytes go.</summary>
/// <remarks>Thread-safe. After a failed write the next one reads the file anew and closes the torn line first.</remarks>
public sealed class EgressLedger : IDisposable
{
    public const string FileName = "ledger.jsonl";
    public const string Bodies = "bodies";

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly Func<string, Stream> _open;
    private readonly TimeProvider _clock;
    private Stream? _file;
    private long _count;
    private Digest _last;
    private long _end;

    public EgressLedger(string folder, TimeProvider clock) : this(folder, clock, OpenFile) { }

    internal EgressLedger(string folder, TimeProvider clock, Func<string, Stream> open) => (_folder, _clock, _open) = (folder, clock, open);

    public string Folder => _folder;

    /// <summary>Writes one entry, and the body beside it where <paramref name="keep"/> is set. Ends after both are on the disk.</summary>
    /// <exception cref="IOException">They could not be written: nothing may be sent.</exception>
    /// <exception cref="SiteFaultException">The ledger was changed by somebody else.</exception>
    public EgressEntry Append(Sendable what, string destination, ReadOnlyMemory<byte> body, bool keep)
    {
        lock (_gate)
        {
            // A command beside the running agent (agent model get) writes to the same ledger: one at a time, and what the other wrote is read first.
            using var turn = TakeTurn();
            if (_file is { } open && open.Length != _end) Close();
            var file = _file ?? Recover();
            try
            {
                var kept = what.Kept ?? (keep && !body.IsEmpty ? KeepBody(body) : null);
                var entry = new EgressEntry(
                    _count, _clock.GetUtcNow(), what.Kind, destination, what.Study, what.Round, body.Length, Digest.Of(body.Span), kept, _last);
                Write(file, entry, [(byte)'\n']);
                return entry;
            }
            catch
            {
                Close();
                throw;
            }
        }
    }

    /// <summary>Follows the chain on disk; an agent may be writing to it.</summary>
    public static EgressChain Follow(string folder, Action<EgressEntry>? each)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return new EgressChain(0, default, default, true, null);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return EgressChain.Follow(file, each);
    }

    public void Dispose() => Close();

    private Stream Recover()
    {
        var file = _open(Path.Combine(_folder, FileName));
        try
        {
            file.Position = 0;
            var chain = EgressChain.Follow(file, null);
            if (chain.Fault is { } fault)
                throw new SiteFaultException($"The egress ledger in '{_folder}' was changed, so nothing is sent. {fault} Keep it for the auditor, then move the folder 'egress' away.");
            (_count, _last) = (chain.Count, chain.Last);
            file.Position = file.Length;
            if (!chain.Ended) file.WriteByte((byte)'\n');
            if (!chain.Torn.IsEmpty)
                Write(file, new EgressEntry(
                    _count, _clock.GetUtcNow(), EgressEntry.TornLine, "nowhere", null, null, chain.Torn.Length, Digest.Of(chain.Torn.Span), null, _last), [(byte)'\n']);
            _end = file.Length;
            return _file = file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Write(Stream file, EgressEntry entry, byte[] newline)
    {
        var line = entry.Line();
        file.Write([.. line, .. newline]);
        if (file is FileStream real) real.Flush(flushToDisk: true);
        else file.Flush();
        (_count, _last, _end) = (_count + 1, Digest.Of(line), file.Length);
    }

    private FileStream TakeTurn()
    {
        SiteDirectory.MakeFolder(Path.Combine(_folder, Bodies));
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(Path.Combine(_folder, "turn"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 2000)
            {
                Thread.Sleep(1);
            }
        }
    }

    private string KeepBody(ReadOnlyMemory<byte> body)
    {
        if (body.Length <= EgressEntry.LongestInline) return EgressEntry.Inline + Convert.ToBase64String(body.Span);   // a file each for requests of ten bytes would use up a disk's files
        var name = $"{Bodies}/{_count:D8}";
        DurableFile.Write(Path.Combine(_folder, name), body);
        return name;
    }

    private void Close()
    {
        var file = _file;
        _file = null;
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // A disk that refuses the last flush refused the write before it too; that failure is already on its way to the caller.
        }
    }

    private static FileStream OpenFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
