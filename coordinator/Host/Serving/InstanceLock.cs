using DeepSeek.Federated.Coordinator.Founding;

namespace DeepSeek.Federated.Coordinator.Serving;

/// <summary>One folder, one coordinator: the ledger has one writer. The operating system frees the lock when the process dies.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <exception cref="FolderInUseException">Another process holds it.</exception>
    public static InstanceLock Take(FederationDirectory directory)
    {
        FederationDirectory.CreateFolder(Path.GetDirectoryName(directory.Lock)!);
        try
        {
            return new InstanceLock(new FileStream(directory.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(directory.Lock))
        {
            throw new FolderInUseException($"Another coordinator serves {directory.Path}. Stop it first, or name another folder with --dir.");
        }
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>The folder belongs to a running coordinator.</summary>
internal sealed class FolderInUseException(string message) : Exception(message);
