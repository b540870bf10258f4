using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DeepSeek.Federated.Storage.Tests;

/// <summary>A database whose commits are durable and reported as failed, as when the answer is lost on the way.</summary>
internal sealed class LyingCommits : DbTransactionInterceptor
{
    public Action? AfterNext { get; set; }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (AfterNext is not { } also) return Task.CompletedTask;
        AfterNext = null;
        also();
        throw new IOException("The answer was lost.");
    }
}
