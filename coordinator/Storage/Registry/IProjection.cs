using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Storage.Tables;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>Folds facts into one table, in the transaction that writes their leaves. A fact that no table row can follow is a broken law: it throws.</summary>
internal interface IProjection
{
    ValueTask Apply(LedgerDbContext database, RecordedEvent recorded);
}
