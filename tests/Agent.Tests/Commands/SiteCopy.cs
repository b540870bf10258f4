using DeepSeek.Federated.Agent.Store;

namespace DeepSeek.Federated.Agent.Tests.Commands;

/// <summary>A copy of a site's folder, gone with the test.</summary>
internal sealed class SiteCopy : IDisposable
{
    public SiteCopy(string original)
    {
        Directory = new SiteDirectory(System.IO.Directory.CreateTempSubdirectory("site-").FullName);
        foreach (var file in System.IO.Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Directory.Root, Path.GetRelativePath(original, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public SiteDirectory Directory { get; }

    public string Root => Directory.Root;

    public void Change(string file, Func<string, string> change) => File.WriteAllText(Path.Combine(Root, file), change(File.ReadAllText(Path.Combine(Root, file))));

    /// <summary>Flips one bit.</summary>
    public static void Spoil(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    public void Dispose() => System.IO.Directory.Delete(Root, recursive: true);
}
