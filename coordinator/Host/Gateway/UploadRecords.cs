using System.Collections.Immutable;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Which uploads are whose, on disk: a file a site, a digest a line. What a restart finds in the blob store has an owner still.</summary>
/// <remarks>Not flushed: it survives a killed process. After a power cut an upload may have lost its owner; then it is deleted, and the site sends it anew.</remarks>
internal sealed class UploadRecords
{
    private readonly string _folder;

    public UploadRecords(string folder)
    {
        FederationDirectory.CreateFolder(folder);
        _folder = folder;
    }

    public IEnumerable<(SiteId Site, ImmutableArray<Digest> Blobs)> Read()
    {
        foreach (var file in Directory.EnumerateFiles(_folder))
            if (Path.GetFileName(file) is var name && Slug.Is(name))
                yield return (new SiteId(name), [.. File.ReadLines(file).Select(Parsed).OfType<Digest>()]);
            else File.Delete(file); // half a record: the process was killed while it wrote
    }

    public void Write(SiteId site, IReadOnlyList<Digest> blobs)
    {
        var unfinished = Path.Combine(_folder, $"{site}.new");
        File.WriteAllLines(unfinished, blobs.Select(b => b.ToString()));
        File.Move(unfinished, Path.Combine(_folder, site.Value), overwrite: true);
    }

    private static Digest? Parsed(string line) => Digest.TryParse(line, out var digest) ? digest : null;
}
