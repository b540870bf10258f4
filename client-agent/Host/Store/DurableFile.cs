namespace DeepSeek.Federated.Agent.Store;

/// <summary>Files that are there whole or not at all: written beside their place, flushed to the disk, then renamed.</summary>
public static class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes or replaces a file.</summary>
    /// <exception cref="IOException">The disk refused; what was at the path is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        SiteDirectory.MakeFolder(Path.GetDirectoryName(path)!);
        var unfinished = path + ".unfinished";
        try
        {
            using (var file = Create(unfinished))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            Forget(unfinished);
            throw;
        }
    }

    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, file => file.Write(content.Span));

    /// <summary>A new file that only its owner reads; an older one of the same name is emptied.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    private static void Forget(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // The first failure is the one to be told; an unfinished file is overwritten by the next attempt.
        }
    }
}
