namespace DeepSeek.Federated.Storage.Tests;

/// <summary>The databases that the ledger promises the same on.</summary>
public enum Provider
{
    Sqlite,
    Postgres,
}
