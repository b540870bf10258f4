using System.Diagnostics;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;

namespace DeepSeek.Federated.Parameters.Layout;

/// <summary>The canonical document of a model spec, and its digest: part of every version's identity.</summary>
/// <remarks>
/// Schema <c>dsfed.model-spec/v1</c>: <c>architecture</c> (kind and sizes), <c>gridBits</c>, <c>roles</c> (name → role), <c>start</c>
/// (kind; seed as a string, for it has 64 bits).
/// </remarks>
public static class ModelSpecDocument
{
    /// <summary>The document's RFC 8785 bytes. One spec has one document.</summary>
    public static byte[] Write(ModelSpec spec)
    {
        var document = new JsonObject
        {
            ["schema"] = "dsfed.model-spec/v1",
            ["architecture"] = ArchitectureOf(spec.Architecture),
            ["gridBits"] = spec.GridBits,
            ["roles"] = new JsonObject(spec.Roles.Select(role => KeyValuePair.Create(role.Key, (JsonNode?)NameOf(role.Value)))),
            ["start"] = StartOf(spec.Start),
        };
        return CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()));
    }

    /// <summary>SHA-256 of <see cref="Write"/>.</summary>
    public static Digest Digest(ModelSpec spec) => Domain.Encoding.Digest.Of(Write(spec));

    private static JsonObject ArchitectureOf(Architecture architecture) => architecture switch
    {
        Architecture.Logistic a => new JsonObject { ["kind"] = "logistic", ["inputs"] = a.Inputs, ["outputs"] = a.Outputs },
        Architecture.Mlp a => new JsonObject
        {
            ["kind"] = "mlp", ["inputs"] = a.Inputs, ["hidden"] = Numbers(a.Hidden), ["outputs"] = a.Outputs,
        },
        Architecture.Cnn a => new JsonObject
        {
            ["kind"] = "cnn", ["channels"] = a.Channels, ["height"] = a.Height, ["width"] = a.Width,
            ["filters"] = Numbers(a.Filters), ["hidden"] = a.Hidden, ["outputs"] = a.Outputs,
        },
        Architecture.LeNet a => new JsonObject
        {
            ["kind"] = "lenet", ["channels"] = a.Channels, ["height"] = a.Height, ["width"] = a.Width, ["outputs"] = a.Outputs,
        },
        _ => throw new UnreachableException($"{architecture.GetType().Name} has no document."),
    };

    private static JsonArray Numbers(IEnumerable<int> numbers) => new([.. numbers.Select(n => (JsonNode?)n)]);

    private static JsonObject StartOf(InitialWeights start) => start switch
    {
        InitialWeights.Seeded s => new JsonObject { ["kind"] = "seeded", ["seed"] = s.Seed.ToString() },
        InitialWeights.FromBlob b => new JsonObject { ["kind"] = "safetensors", ["digest"] = b.Safetensors.ToString() },
        _ => throw new UnreachableException($"{start.GetType().Name} has no document."),
    };

    private static string NameOf(TensorRole role) => role switch
    {
        TensorRole.Shared => "shared",
        TensorRole.Local => "local",
        TensorRole.Frozen => "frozen",
        TensorRole.Buffer => "buffer",
    };
}
