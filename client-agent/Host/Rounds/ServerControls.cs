using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Aggregation;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>SCAFFOLD's c: a vector of the strategy's state that belongs to the base version, named by the ledger.</summary>
public sealed class ServerControls(BlobDownloader downloader, string folder)
{
    private const int Moments = 1;

    /// <summary>c of a version; empty before the first step.</summary>
    /// <param name="state">The study.</param>
    /// <param name="version">One of its versions.</param>
    /// <param name="length">Values that the model shares.</param>
    /// <param name="cancellationToken">Ends the download; what came stays on disk.</param>
    /// <exception cref="InvalidDataException">The coordinator cannot give what the ledger names.</exception>
    public async Task<float[]> Get(StudyState state, Digest version, int length, CancellationToken cancellationToken)
    {
        var named = state.Versions.FirstOrDefault(v => v.Version == version) ?? throw new InvalidDataException($"The ledger has no version {version.Short}.");
        if (named.StrategyState == default) return [];
        var path = Path.Combine(folder, $"{named.StrategyState}.part");
        await downloader.Fetch(named.StrategyState, StrategyState.Length(length, Moments), path, cancellationToken);
        StrategyState read;
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Read)) read = StrategyState.Read(file, length, named.StrategyState);
        File.Delete(path);
        if (read.Kind != state.Manifest!.Strategy.Kind || read.Moments.Length != Moments) throw new InvalidDataException("The strategy's state is another strategy's.");
        return [.. read.Moments[0].Select(value => (float)value)];
    }
}
