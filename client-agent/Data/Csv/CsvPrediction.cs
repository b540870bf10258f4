using System.Collections.Immutable;
using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Csv;

/// <summary>What reading rows to predict for gives.</summary>
public abstract record PredictionReading
{
    private PredictionReading() { }

    /// <summary>The rows.</summary>
    /// <param name="Features">Normalised as in training; shape [predicted rows, FeatureCount], row-major.</param>
    /// <param name="Predicted">For each row of the input, in order, whether it is among them; a row with a value missing that the contract drops is not.</param>
    public sealed record Ready(float[] Features, ImmutableArray<bool> Predicted) : PredictionReading;

    /// <summary>One of the two files does not fit.</summary>
    /// <param name="Faults">How.</param>
    /// <param name="OfInput">Whether it is the input; otherwise it is the site's own table.</param>
    public sealed record Refused(ImmutableArray<DatasetFault> Faults, bool OfInput) : PredictionReading;
}

/// <summary>Reads rows without a label, as the contract says, normalised by the statistics of the site's own training rows.</summary>
/// <param name="trainingPath">The site's table of the dataset.</param>
/// <param name="inputPath">Rows to predict for: a CSV file with the contract's feature columns; others are ignored.</param>
/// <param name="limits">Bounds on what is read.</param>
public sealed class CsvPrediction(string trainingPath, string inputPath, CsvLimits limits)
{
    /// <summary>As the other, with the usual limits.</summary>
    public CsvPrediction(string trainingPath, string inputPath) : this(trainingPath, inputPath, CsvLimits.Usual) { }

    /// <summary>Reads both files. What they look like never throws.</summary>
    public Task<PredictionReading> Read(DatasetContract contract, CancellationToken cancellationToken) =>
        Task.Run<PredictionReading>(() => ReadFiles(contract, cancellationToken), cancellationToken);

    private PredictionReading ReadFiles(DatasetContract contract, CancellationToken cancellationToken)
    {
        var ofTable = new FaultCount(contract);
        var survey = CsvWalk.Guarded(ofTable, () => CsvWalk.Survey(new CsvFile(trainingPath, limits), contract, ofTable, cancellationToken));
        if (survey is null) return new PredictionReading.Refused(ofTable.Refuse().Faults, OfInput: false);
        var ofInput = new FaultCount(contract);
        var ready = CsvWalk.Guarded(ofInput, () => Collect(contract, survey, ofInput, cancellationToken));
        return ready is not null && !ofInput.Any ? ready : new PredictionReading.Refused(ofInput.Refuse().Faults, OfInput: true);
    }

    private PredictionReading.Ready Collect(DatasetContract contract, TableSurvey survey, FaultCount faults, CancellationToken cancellationToken)
    {
        var (features, predicted, row) = (new List<float>(), ImmutableArray.CreateBuilder<bool>(), new float[contract.FeatureCount]);
        CsvWalk.Rows(new CsvFile(inputPath, limits), contract, labelled: false, faults, (use, reader) =>
        {
            predicted.Add(use == RowUse.Test);
            if (use != RowUse.Test) return true;
            if (survey.Statistics.Write(reader.Values, row) is var bad && bad >= 0) faults.Add(contract.Columns[bad].Name, DatasetFaultKind.OutOfRange);
            features.AddRange(row);
            return true;
        }, cancellationToken, out _);
        return new PredictionReading.Ready([.. features], predicted.DrainToImmutable());
    }
}
