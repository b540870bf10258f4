using System.Collections.Immutable;
using System.Security.Cryptography;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Protection;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>The folder of one study: state k, the rounds' finished updates with their staged state k+1, the steward's word.</summary>
public sealed class StudyShelf(SiteDirectory directory, StudyId study)
{
    private const string Update = "update.bin", State = "state.bin", Marker = "staged.json";
    private readonly string _folder = directory.Study(study);
    private readonly Dictionary<string, (long Length, DateTime Written, Digest Digest)> _hashed = [];

    private string StatePointer => Path.Combine(_folder, "state.json");

    private string Decision => Path.Combine(_folder, "decision.json");

    public string Versions => Path.Combine(_folder, "versions");

    public string UpdatePath(int round) => Path.Combine(RoundFolder(round), Update);

    /// <summary>What is finished here. Reads the updates' bytes: a marker promises nothing about a disk.</summary>
    public StudyDisk Read()
    {
        var staged = ImmutableSortedDictionary.CreateBuilder<int, StagedUpdate>();
        foreach (var folder in Folders())
        {
            var marker = Path.Combine(folder, Marker);
            if (!File.Exists(marker)) continue;
            var update = StrictJson.Read<StagedUpdate>(marker, $"Move the folder '{folder}' away: the round is then given up.");
            staged[update.Round] = update with { Intact = DigestOf(Path.Combine(folder, Update)) == update.Blob && (update.State is null || HasState(update)) };
        }
        return new StudyDisk(Promoted()?.Round ?? 0, staged.ToImmutable());
    }

    /// <summary>Writes the protected bytes and reads them back for their digests.</summary>
    public (Digest Blob, long Bytes, Digest ChunkRoot) WriteUpdate(int round, Action<Stream> protect)
    {
        var path = UpdatePath(round);
        DurableFile.Write(path, protect);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var blob = new Digest(SHA256.HashData(file));
        file.Position = 0;
        return (blob, file.Length, ChunkTree.Root(file));
    }

    /// <summary>Writes state k+1 and then the marker: until it is there, nothing is finished.</summary>
    public void Stage(StagedUpdate update, ReadOnlyMemory<byte>? state)
    {
        if (state is { } bytes) DurableFile.Write(Path.Combine(RoundFolder(update.Round), State), bytes);
        StrictJson.Write(Path.Combine(RoundFolder(update.Round), Marker), update);
    }

    /// <summary>State k; empty before the first promotion.</summary>
    public ReadOnlyMemory<byte> CurrentState()
    {
        if (Promoted() is not { } promoted) return ReadOnlyMemory<byte>.Empty;
        var path = StatePath(promoted.Round);
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        return Digest.Of(bytes) == promoted.State
            ? bytes
            : throw new SiteFaultException($"'{path}' is not the state that round {promoted.Round} left. Restore this folder from a backup, or remove '{StatePointer}' to begin with a fresh state.");
    }

    /// <summary>Makes state k+1 state k. May be repeated after a crash anywhere in it.</summary>
    public void Promote(SiteStep.Promote step, SentUpdates sent, int keep)
    {
        var update = step.Update;
        var (from, to) = (Path.Combine(RoundFolder(update.Round), State), StatePath(update.Round));
        if (File.Exists(from)) File.Move(from, to, overwrite: true);
        StrictJson.Write(StatePointer, new PromotedState(update.Round, step.Version, update.State!.Value));
        Clear(update, sent, keep);
        foreach (var old in Directory.EnumerateFiles(_folder, "state-*.bin").Where(f => f != to)) File.Delete(old);
    }

    /// <summary>The version whose publication made state k; null before the first.</summary>
    public Digest? PromotedVersion => Promoted()?.Version;

    /// <summary>Puts state k aside, with the ending .lost: the site begins the study from a fresh state. For a history in which its version never was.</summary>
    public void SetStateAside() => File.Move(StatePointer, StatePointer + ".lost", overwrite: true);

    /// <summary>Drops state k+1; the update's bytes move beside the egress ledger, which points at them.</summary>
    public void Clear(StagedUpdate update, SentUpdates sent, int keep)
    {
        sent.Archive(update.Blob, UpdatePath(update.Round), keep);
        Directory.Delete(RoundFolder(update.Round), recursive: true);
    }

    /// <summary>How many updates of other rounds and attempts have left this site.</summary>
    public int SentBefore(int round, int attempt) => Sent() is not { } sent ? 0 : sent.Count - (sent.Round == round && sent.Attempt == attempt ? 1 : 0);

    /// <summary>Writes down that an update leaves; the same one again counts once.</summary>
    public void CountSent(int round, int attempt)
    {
        var before = SentBefore(round, attempt);
        if (Sent() is not { } sent || (sent.Round, sent.Attempt) != (round, attempt)) StrictJson.Write(SentCount, new SentUpdatesCount(before + 1, round, attempt));
    }

    public StewardDecision? Steward => File.Exists(Decision)
        ? StrictJson.Read<StewardDecision>(Decision, $"Say it again: agent study approve {study}, or: agent study refuse {study}")
        : null;

    public void Record(StewardDecision decision) => StrictJson.Write(Decision, decision);

    private string SentCount => Path.Combine(_folder, "sent.json");

    private SentUpdatesCount? Sent() => File.Exists(SentCount)
        ? StrictJson.Read<SentUpdatesCount>(SentCount, "Restore it from a backup: it counts the updates that left, which the policy bounds.")
        : null;

    private PromotedState? Promoted() => File.Exists(StatePointer)
        ? StrictJson.Read<PromotedState>(StatePointer, "Restore this folder from a backup, or remove the file to begin with a fresh state.")
        : null;

    private IEnumerable<string> Folders() =>
        Directory.Exists(Path.Combine(_folder, "rounds")) ? Directory.EnumerateDirectories(Path.Combine(_folder, "rounds")) : [];

    private string RoundFolder(int round) => Path.Combine(_folder, "rounds", round.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private string StatePath(int round) => Path.Combine(_folder, $"state-{round}.bin");

    private bool HasState(StagedUpdate update) =>
        DigestOf(Path.Combine(RoundFolder(update.Round), State)) == update.State || DigestOf(StatePath(update.Round)) == update.State;

    // Asked at every look; hashed again only when the file changed.
    private Digest? DigestOf(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists) return null;
        if (_hashed.TryGetValue(path, out var known) && known.Length == info.Length && known.Written == info.LastWriteTimeUtc) return known.Digest;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var digest = new Digest(SHA256.HashData(file));
        _hashed[path] = (info.Length, info.LastWriteTimeUtc, digest);
        return digest;
    }

    private sealed record SentUpdatesCount(int Count, int Round, int Attempt);

    private sealed record PromotedState(int Round, Digest Version, Digest State);
}

/// <summary>The steward's word on one manifest.</summary>
public sealed record StewardDecision(Digest Manifest, bool Approved, DateTimeOffset At);
