using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Domain.Studies;

/// <summary>Reads the <c>strategy</c> of a manifest and says which other parts of it do not go with it.</summary>
internal static class StrategyReader
{
    // FedNova's weighted steps are a count below 2^48 even when every site has the largest weight.
    private const double MostWeightedSteps = 1L << 47;
    private const string Known = "fedavg, fedavgm, fedprox, fedadam, fedyogi, fedadagrad, scaffold, fednova, ditto";

    /// <summary>Reads it; defaults are those of the papers.</summary>
    public static Strategy Read(DocumentReader reader, TrainingPlan training, UpdatePlan update)
    {
        Strategy read = reader.Text("kind", 40, "fedavg") switch
        {
            "fedavg"     => new Strategy.FedAvg(Rate(reader, 1)),
            "fedavgm"    => new Strategy.FedAvgM(Rate(reader, 1), reader.Number("momentum", 0, 0.9999, 0.9)),
            "fedprox"    => new Strategy.FedProx(Rate(reader, 1), reader.Number("mu", 1e-12, 1000, 0.01)),
            "fedadam"    => new Strategy.FedAdam(Rate(reader, 0.01), Beta(reader, "beta1", 0.9), Beta(reader, "beta2", 0.99), Tau(reader)),
            "fedyogi"    => new Strategy.FedYogi(Rate(reader, 0.01), Beta(reader, "beta1", 0.9), Beta(reader, "beta2", 0.99), Tau(reader)),
            "fedadagrad" => new Strategy.FedAdagrad(Rate(reader, 0.01), Beta(reader, "beta1", 0), Tau(reader)),
            "scaffold"   => new Strategy.Scaffold(Rate(reader, 1)),
            "fednova"    => new Strategy.FedNova(Rate(reader, 1)),
            "ditto"      => new Strategy.Ditto(Rate(reader, 1), reader.Number("lambda", 1e-12, 1000, 0.1)),
            var other    => Unknown(reader, other),
        };
        reader.Finish();
        Match(reader, read, training, update);
        return read;
    }

    private static void Match(DocumentReader reader, Strategy read, TrainingPlan training, UpdatePlan update)
    {
        if (read is Strategy.Scaffold && training.LocalEpochs > 0)
            reader.Fault("kind", "'scaffold' needs training.localSteps: control variates are taken from the sum, which tells them only where all sites take as many steps");
        if (read is Strategy.Scaffold && training.Momentum > 0)
            reader.Fault("kind", "'scaffold' needs plain SGD: set training.momentum to 0");
        if (read is Strategy.FedNova && training.Momentum > 0)
            reader.Fault("kind", "'fednova' needs plain SGD in this version: set training.momentum to 0");
        if (read is Strategy.FedNova && (double)update.WeightCap * MostSteps(training) > MostWeightedSteps)
            reader.Fault("kind", "'fednova' counts steps by weight, and update.weightCap times the steps exceeds 2^47: lower one of them");
    }

    // A site that reads more rows than an int counts does not exist.
    private static double MostSteps(TrainingPlan training) => training.LocalEpochs == 0 ? training.LocalSteps : training.LocalEpochs * Math.Ceiling(int.MaxValue / (double)training.BatchSize);

    private static double Rate(DocumentReader reader, double otherwise) => reader.Number("serverRate", 1e-6, 1000, otherwise);

    private static double Beta(DocumentReader reader, string key, double otherwise) => reader.Number(key, 0, 0.999999, otherwise);

    private static double Tau(DocumentReader reader) => reader.Number("tau", 1e-12, 1, 1e-3);

    private static Strategy.FedAvg Unknown(DocumentReader reader, string kind)
    {
        reader.Fault("kind", $"'{kind}' is not a strategy of this version; known: {Known}");
        return new(1);
    }
}
