using System.Security.Cryptography;
using DeepSeek.Federated.Cli.Connection;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Protocol;

namespace DeepSeek.Federated.Cli.Weights;

/// <summary>The safetensors file from which a study begins: the very one that its manifest names.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Digest">SHA-256 of its bytes.</param>
internal sealed record InitialWeightsFile(string Path, Digest Digest)
{
    private const double Mebibyte = 1 << 20;
    private const int Steps = 10;

    public static async Task<InitialWeightsFile> Read(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return new InitialWeightsFile(path, new Digest(await SHA256.HashDataAsync(file, cancellationToken)));
    }

    /// <summary>Why this is not what the manifest names, and what to write; null when it is.</summary>
    public string? Objection(StudyManifest manifest) => manifest.Model.Start switch
    {
        InitialWeights.FromBlob(var named) when named == Digest => null,
        InitialWeights.FromBlob(var named) => $"The manifest begins from the weights {named}, but '{Path}' has the digest {Digest}. Name the right file, or write into the manifest, under spec.model:\n  initialWeights: {Digest}",
        _ => $"The manifest names no initial weights. To begin from '{Path}', write into it, under spec.model and instead of seed:\n  initialWeights: {Digest}",
    };

    /// <summary>Uploads it; a second call, or a call after a cut, sends only what is missing.</summary>
    /// <exception cref="UploadRefusedException">The coordinator will not take it.</exception>
    public async Task Upload(Session session, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(Path);
        var said = -1L;
        await new BlobUpload(session.Link.Http, WireLimits.UploadPieceBytes, session.Shell.Clock).From(file, Digest, there =>
        {
            var step = file.Length == 0 ? Steps : there * Steps / file.Length;
            if (step == said) return;
            said = step;
            session.Shell.Error.WriteLine($"weights: {there / Mebibyte:0.0} of {file.Length / Mebibyte:0.0} MiB are there");
        }, cancellationToken);
    }
}
