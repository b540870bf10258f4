using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Evaluation;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Native;
using DeepSeek.Federated.Learning.Strategies;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent model predict`: the study's model on rows of this site, normalised as this site's training rows were.</summary>
internal static class PredictCommand
{
    private const int Batch = 1024;

    public static Command Make(SiteAction action)
    {
        var (study, round) = (SiteAction.Study(), ModelCommands.Round());
        var file = new Option<string>("--input") { Description = "CSV with the contract's feature columns; others are ignored", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out") { Description = "CSV to write: one line a row of the input", HelpName = "FILE", Required = true };
        var personal = new Option<bool>("--personal") { Description = "This site's own model instead of the shared one, where the study's strategy makes one (ditto)" };
        var command = new Command("predict", "Predict for rows of this site. Nothing leaves the site but the request for a version that is not held here") { study, round, file, output, personal };
        command.SetAction(action.Do(async (parsed, directory, cancellationToken) =>
        {
            var (state, version, content) = await ModelCommands.Version(action, directory, parsed.GetValue(study)!, parsed.GetValue(round), cancellationToken);
            if (content is null) return ExitCodes.Refused;
            var contract = state!.Manifest!.Dataset;
            var input = action.Shell.PathOf(parsed.GetValue(file)!);
            if (!File.Exists(input)) return action.Shell.Say(ExitCodes.WrongUsage, $"There is no file '{input}'.");
            using var data = new SiteData(directory);
            if (data.Locate(contract, out var why) is not { } source) return action.Shell.Say(ExitCodes.Refused, why);
            if (source is not DataSource.Csv training) return action.Shell.Say(ExitCodes.Refused, $"The dataset '{contract.Name}' holds images here; this version predicts for rows of a table only.");
            var reading = await new CsvPrediction(training.Path, input).Read(contract, cancellationToken);
            if (reading is PredictionReading.Refused refused)
            {
                action.Shell.Say(ExitCodes.WrongUsage, $"Nothing was predicted: {(refused.OfInput ? "the input" : $"this site's own table '{training.Path}', whose statistics are needed,")} does not fit the study's contract.");
                foreach (var fault in refused.Faults) action.Shell.Say(ExitCodes.WrongUsage, fault.Sentence);
                return ExitCodes.WrongUsage;
            }
            var ready = (PredictionReading.Ready)reading;
            if (Predict(directory, state.Manifest, content, ready.Features, parsed.GetValue(personal)) is not { } probabilities)
                return action.Shell.Say(ExitCodes.Refused, $"This site has no model of its own: the study's strategy is {state.Manifest.Strategy.Kind}, or no round was finished yet. Leave --personal away.");
            Write(action.Shell.PathOf(parsed.GetValue(output)!), contract.Label, probabilities, ready.Predicted);
            return action.Shell.Say(ExitCodes.Done,
                $"{ready.Predicted.Count(p => p)} of {ready.Predicted.Length} rows predicted with the version of round {version!.Round}{(ready.Predicted.All(p => p) ? "" : "; the others lack a value")}.");
        }));
        return command;
    }

    private static float[]? Predict(SiteDirectory directory, StudyManifest manifest, VersionContent content, float[] features, bool personal)
    {
        TorchRuntime.Start(1);
        using var model = new SiteModel(manifest.Model);
        var values = new float[model.SharedLength];
        content.ToFloats(values);
        model.LoadShared(values);
        var state = LearningState.Read(new StudyShelf(directory, manifest.Name).CurrentState().Span, model.SharedLength, model.LocalLength);
        if (personal && state.Personal.Length == 0) return null;
        if (personal) PersonalModel.Load(model, state.Personal, values);
        else if (state.Local.Length > 0) model.LoadLocal(state.Local);
        return Evaluator.Predict(model, features, Batch);
    }

    private static void Write(string path, LabelColumn label, float[] probabilities, ImmutableArray<bool> predicted)
    {
        var header = label is LabelColumn.Classes classes ? string.Join(',', classes.Levels.Select(l => Cell($"probability {l}")).Append("predicted")) : "probability,predicted";
        DurableFile.Write(path, to =>
        {
            using var writer = new StreamWriter(to, leaveOpen: true);
            writer.Write($"row,{header}\n");
            for (var (row, next) = (0, 0); row < predicted.Length; row++)
            {
                var ofRow = predicted[row] ? probabilities.AsSpan(next++ * label.Outputs, label.Outputs) : default;
                writer.Write($"{row + 1},{Line(label, ofRow)}\n");
            }
        });
    }

    private static string Line(LabelColumn label, ReadOnlySpan<float> row) => (label, row.Length) switch
    {
        (_, 0)                             => new string(',', label.Outputs),
        (LabelColumn.Classes classes, _)   => string.Join(',', row.ToArray().Select(Number).Append(Cell(classes.Levels[row.IndexOf(Max(row))]))),
        _                                  => $"{Number(row[0])},{(row[0] > 0.5f ? 1 : 0)}",
    };

    private static float Max(ReadOnlySpan<float> row)
    {
        var most = row[0];
        foreach (var value in row) most = Math.Max(most, value);
        return most;
    }

    private static string Number(float value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Cell(string text) => text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
