using DeepSeek.Federated.Agent.Tests.Rounds;

namespace DeepSeek.Federated.Agent.Tests.Commands;

/// <summary>An enrolled site that took part in one round whose version is published: really trained, sent and promoted.</summary>
public sealed class FinishedRound : IAsyncLifetime
{
    private readonly A_round_at_a_site _round = new();

    public async ValueTask InitializeAsync()
    {
        _round.Folder.Enrol();
        await _round.is_consented_trained_sent_and_promoted();
    }

    /// <summary>A copy of the site's folder, which a test may spoil.</summary>
    internal SiteCopy Copy() => new(_round.Folder.Directory.Root);

    public ValueTask DisposeAsync()
    {
        _round.Dispose();
        return ValueTask.CompletedTask;
    }
}
