using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>Where blobs lie: <c>ab/abcdef…</c> when whole, <c>partial/abcdef…</c> before. A name is a digest's hex digits and can lead nowhere else.</summary>
internal sealed class BlobPlaces
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string OwnPrefix = "own-";
    private readonly string _root;

    public BlobPlaces(string root)
    {
        _root = Path.GetFullPath(root);
        MakeFolder(_root);
        MakeFolder(Uploads);
        // What the coordinator itself was writing when it was stopped is written anew; uploads of sites stay and are resumed.
        foreach (var left in Directory.EnumerateFiles(Uploads, OwnPrefix + "*")) File.Delete(left);
    }

    public string Whole(Digest digest)
    {
        var name = digest.ToString();
        return Path.Combine(_root, name[..2], name);
    }

    public string Partial(Digest digest) => Path.Combine(Uploads, digest.ToString());

    /// <summary>Every blob that has a partial file.</summary>
    public ImmutableArray<Digest> Partials() =>
        [.. Directory.EnumerateFiles(Uploads).Select(f => Digest.TryParse(Path.GetFileName(f), out var digest) ? digest : (Digest?)null).OfType<Digest>()];

    public string Own() => Path.Combine(Uploads, OwnPrefix + Path.GetRandomFileName());

    private string Uploads => Path.Combine(_root, "partial");

    /// <summary>Moves a finished, flushed file to its place, durably.</summary>
    public void Promote(string file, Digest digest)
    {
        var whole = Whole(digest);
        var folder = Path.GetDirectoryName(whole)!;
        if (!Directory.Exists(folder))
        {
            MakeFolder(folder);
            FolderFlush.ToDisk(_root);
        }
        File.Move(file, whole, overwrite: true); // the same digest is the same bytes
        FolderFlush.ToDisk(folder);
    }

    private static void MakeFolder(string path)
    {
        // Clear updates lie here: other users of the machine have no business with them.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
    }
}
