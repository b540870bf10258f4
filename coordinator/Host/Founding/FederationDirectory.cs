using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Coordinator.Founding;

/// <summary>Where a federation lies on disk: one folder, everything in it.</summary>
internal sealed class FederationDirectory(string path)
{
    /// <summary>Environment variable that names the folder where no option does.</summary>
    public const string Variable = "FEDERATED_DIR";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public static string Default => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : "./federation";

    public string Settings => In("coordinator.json");
    public string AuthorityCertificate => In("ca", "ca.pem");
    public string AuthorityKey => In("ca", "ca.key");
    public string LedgerKey => In("ledger.key");
    public string Database => In("ledger.db");
    public string Blobs => In("blobs");
    public string Partial => In("blobs", "partial");
    public string Uploads => In("uploads");
    public string Operator => In("operator");
    public string Address => In("run", "address");
    public string Lock => In("run", "lock");

    /// <summary>The federation's storage.</summary>
    /// <exception cref="SettingsException">The connection string cannot be read.</exception>
    public StorageOptions Storage(CoordinatorSettings settings) => Storage(settings, settings.Database.Place(this));

    /// <summary>The same with the ledger in the folder: where a federation is made or put back, before it goes to the database that it is for.</summary>
    public StorageOptions StorageInFile(CoordinatorSettings settings) => Storage(settings, new LedgerPlace.InFile(Database));

    public bool IsFounded => File.Exists(Settings);

    public bool IsEmpty => !Directory.Exists(Path) || !Directory.EnumerateFileSystemEntries(Path).Any();

    public string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Makes the folder and those in it that hold secrets, closed to everybody but their owner.</summary>
    public void Create()
    {
        foreach (var folder in (ReadOnlySpan<string>)[Path, In("ca"), Operator, Blobs, In("run")]) CreateFolder(folder);
    }

    private StorageOptions Storage(CoordinatorSettings settings, LedgerPlace place) =>
        new() { Database = place, BlobDirectory = Blobs, LedgerKeyPath = LedgerKey, Federation = settings.Name };

    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly);
    }
}
