namespace DeepSeek.Federated.Sandbox.Report;

/// <summary>Test accuracy of the models at one site: shares of rows, 0 to 1.</summary>
/// <param name="Site">The site.</param>
/// <param name="Rows">Its test rows.</param>
/// <param name="Before">The initial version; computed in the sandbox.</param>
/// <param name="Federated">The last version, as the site itself disclosed it in the evaluation round; absent where it disclosed nothing.</param>
/// <param name="Alone">A model trained on this site's rows only; computed in the sandbox.</param>
/// <param name="Everywhere">The same model on all sites' test rows, each scaled as its own site scales them; computed in the sandbox.</param>
/// <param name="Pooled">A model trained on all sites' rows; computed in the sandbox.</param>
internal sealed record SiteScores(string Site, int Rows, double Before, double? Federated, double Alone, double Everywhere, double Pooled);

/// <summary>Accuracy over all test rows together.</summary>
/// <param name="Rows">Test rows.</param>
/// <param name="Before">The initial version; computed in the sandbox.</param>
/// <param name="Federated">Opened counts of the evaluation round: the sum of right answers over the sum of rows.</param>
/// <param name="Alone">Each site's own model on its own rows; computed in the sandbox.</param>
/// <param name="Pooled">The pooled model; computed in the sandbox.</param>
/// <param name="PooledNormalised">The last version on rows scaled by pooled statistics, as FLamby tests; computed in the sandbox.</param>
internal sealed record PooledScores(int Rows, double Before, double? Federated, double Alone, double Pooled, double PooledNormalised);

/// <summary>All of it.</summary>
internal sealed record Scores(IReadOnlyList<SiteScores> Sites, PooledScores Pooled);
