namespace DeepSeek.Federated.Sandbox.Report;

/// <summary>Plain words: where federation helped and where it did not. A difference of less than one test row is none.</summary>
internal static class Verdict
{
    public static IEnumerable<string> Of(Scores scores, string things)
    {
        foreach (var site in scores.Sites)
        {
            if (site.Federated is not { } federated) yield return $"{site.Site}: disclosed no accuracy, so nothing can be said of it.";
            else
                yield return $"{site.Site}: federation {Compare(federated, site.Alone, site.Rows)} ({federated:0.000} against {site.Alone:0.000} alone; {Difference(federated - site.Alone, site.Rows, things)})."
                    + (scores.Pooled.Federated is { } all ? $" On all sites' {things} its own model reaches {site.Everywhere:0.000}, the federated one {all:0.000}." : "");
        }
        if (scores.Pooled.Federated is not { } pooled) yield break;
        yield return $"All sites together: {pooled:0.000} federated, {scores.Pooled.Alone:0.000} with each site's own model, {scores.Pooled.Pooled:0.000} if all rows lay in one place. "
            + (Rows(pooled - scores.Pooled.Alone, scores.Pooled.Rows) switch
            {
                > 0 => "Federation helped on the whole.",
                < 0 => $"On the whole the sites' own models were better on their own {things}.",
                _   => "On the whole it made no difference.",
            });
    }

    private static string Compare(double federated, double alone, int rows) => Rows(federated - alone, rows) switch
    {
        > 0 => "helped",
        < 0 => "did not help: its own model was better",
        _   => "made no difference",
    };

    private static string Difference(double difference, int rows, string things) => Rows(difference, rows) switch
    {
        0         => $"the same number of {rows} test {things}",
        var count => $"{Math.Abs(count)} of {rows} test {things} {(count > 0 ? "more" : "fewer")} right",
    };

    private static int Rows(double difference, int rows) => (int)Math.Round(difference * rows);
}
