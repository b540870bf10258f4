namespace DeepSeek.Federated.Storage.Tests;

/// <summary>What a test of the ledger stands on: a folder, and places for ledgers on one provider.</summary>
internal sealed class LedgerBench : IDisposable
{
    private readonly List<TestDatabase> _databases = [];
    private readonly Provider _provider;
    private int _places;

    public LedgerBench(Provider provider)
    {
        _provider = provider;
        Folder = provider == Provider.Postgres && TestDatabase.Server.Length == 0 ? null! : new TemporaryFolder(); // a skipped test leaves no folder
        Place = Another();
    }

    public TemporaryFolder Folder { get; }

    /// <summary>Where this test's ledger is.</summary>
    public LedgerPlace Place { get; }

    /// <summary>A place where no ledger is.</summary>
    public LedgerPlace Another()
    {
        if (_provider == Provider.Sqlite) return new LedgerPlace.InFile(Folder.File($"ledger-{_places++}.db"));
        _databases.Add(new TestDatabase());
        return _databases[^1].Place;
    }

    public Databases Databases => new(Place);

    public OpenLedger Closed(byte seed = 7, CrashPoint? crash = null) => OpenLedger.Closed(Place, seed, crash);

    public Task<OpenLedger> Open(CrashPoint? crash = null) => OpenLedger.On(Place, crash);

    public void Dispose()
    {
        foreach (var database in _databases) database.Dispose();
        Folder.Dispose();
    }
}
