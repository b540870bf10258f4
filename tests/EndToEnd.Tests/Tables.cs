using System.Globalization;
using System.Text;

namespace DeepSeek.Federated.EndToEnd.Tests;

/// <summary>Small synthetic tables, a manifest and a policy for them.</summary>
internal static class Tables
{
    /// <summary>A table whose label depends on two columns; another seed, another site.</summary>
    public static string Csv(int seed, int rows)
    {
        var random = new Random(1000 + seed);
        var text = new StringBuilder("age,chol,cp,num\n");
        for (var i = 0; i < rows; i++)
        {
            var (age, chol, cp) = (random.Next(30, 80), random.Next(120, 400), random.Next(1, 5));
            var risk = (age - 55) / 10.0 + (chol - 260) / 80.0 + (cp == 4 ? 1 : 0) + random.NextDouble() - 0.5;
            text.Append(CultureInfo.InvariantCulture, $"{age},{chol},{cp},{(risk > 0 ? 1 : 0)}\n");
        }
        return text.ToString();
    }

    public static string Manifest(int rounds = 2, int minimum = 2, string deadline = "2m", int localSteps = 20, string patience = "30s", string extra = "", string architecture = "{kind: logistic}") => $$"""
        apiVersion: federated.deepseek.com/v1
        kind: Study
        metadata:
          name: heart-disease
          purpose: An end-to-end test.
        spec:
          model: {architecture: {{architecture}}, seed: 7}
          dataset:
            name: heart-disease
            columns:
              - {name: age, kind: number, min: 0, max: 120}
              - {name: chol, kind: number, min: 0, max: 700}
              - {name: cp, kind: category, levels: [1, 2, 3, 4]}
            label: {name: num, kind: binary}
            split: {kind: every, testFraction: 0.25}
          training: {localSteps: {{localSteps}}, batchSize: 4, learningRate: 0.05}
          update: {valueBits: 16, range: 4, weightCap: 100}
          protection: clear
          strategy: {kind: fedavg}
          rounds: {count: {{rounds}}, deadline: {{deadline}}, maxFailures: 2}
          cohort: {minimum: {{minimum}}, patience: {{patience}}}
          disclosures: [accuracy]
        {{extra}}
        """;

    public static string Policy(int minimumParticipants = 2, int minimumRows = 10, string expires = "2099-12-31", string approval = "automatic") => $"""
        apiVersion: federated.deepseek.com/v1
        kind: SitePolicy
        metadata:
          name: end-to-end
        spec:
          expires: {expires}
          studies:
            - name: heart-disease
              approval: {approval}
          protections: [clear]
          minimumParticipants: {minimumParticipants}
          minimumRows: {minimumRows}
          mostRounds: 50
          mostLocalSteps: 10000
          mostBytesPerRound: 1000000
          disclose: [accuracy, loss, test-rows]
        """;
}
