using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Training;

namespace DeepSeek.Federated.Learning.Strategies;

/// <summary>A site's side of the study's strategy in one round: what it adds to the gradient, what it sends, what it keeps. The plain case is averaging.</summary>
public class SiteStrategy
{
    private protected SiteStrategy() { }

    /// <summary>Makes the site's side.</summary>
    /// <param name="manifest">Names the strategy.</param>
    /// <param name="start">The version that the round begins from; shape [SharedLength].</param>
    /// <param name="control">The site's control variate as the last round left it; same shape, or empty for zeros.</param>
    /// <param name="serverControl">The server's; same shape, or empty for zeros. Asked for only where <see cref="NeedsServerState"/> says so.</param>
    public static SiteStrategy Of(StudyManifest manifest, float[] start, float[] control, float[] serverControl) => manifest.Strategy switch
    {
        Strategy.FedProx plan => new FedProxSite(plan, start),
        Strategy.Scaffold     => new ScaffoldSite(manifest.Training, control, serverControl, start.Length),
        Strategy.FedNova      => new FedNovaSite(manifest.Update),
        _                     => new SiteStrategy(),
    };

    /// <summary>Whether sites read the server's state of the base version.</summary>
    public static bool NeedsServerState(Strategy strategy) => strategy is Strategy.Scaffold;

    /// <summary>Terms of the gradient.</summary>
    public virtual IReadOnlyList<GradientTerm> Terms => [];

    /// <summary>The site's control variate for the next round; empty where there is none. Valid after <see cref="Send"/>.</summary>
    public virtual float[] Control => [];

    /// <summary>Makes what is sent of what was learnt.</summary>
    /// <param name="deltas">Trained values minus start; shape [SharedLength]. Changed in place.</param>
    /// <param name="rows">Training rows, at least 1.</param>
    /// <param name="steps">Optimizer steps taken, at least 1.</param>
    /// <returns>Counts that the update carries for the strategy.</returns>
    public virtual ImmutableSortedDictionary<string, long> Send(float[] deltas, int rows, int steps) => ImmutableSortedDictionary<string, long>.Empty;
}
