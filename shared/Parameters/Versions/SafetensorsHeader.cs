using System.Collections.Immutable;
using System.Text.Json;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>Parses and checks a safetensors header.</summary>
internal static class SafetensorsHeader
{
    private static readonly ImmutableDictionary<string, int> ElementBytes = new Dictionary<string, int>
    {
        ["BOOL"] = 1, ["U8"] = 1, ["I8"] = 1, ["F8_E4M3"] = 1, ["F8_E5M2"] = 1, ["U16"] = 2, ["I16"] = 2, ["F16"] = 2, ["BF16"] = 2,
        ["U32"] = 4, ["I32"] = 4, ["F32"] = 4, ["U64"] = 8, ["I64"] = 8, ["F64"] = 8,
    }.ToImmutableDictionary();

    internal static (ImmutableSortedDictionary<string, StoredTensor> Tensors, ImmutableSortedDictionary<string, string> Metadata) Parse(
        ReadOnlyMemory<byte> json, long dataBytes)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            var tensors = ImmutableSortedDictionary.CreateBuilder<string, StoredTensor>(StringComparer.Ordinal);
            var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!seen.Add(member.Name)) throw new InvalidDataException($"The safetensors header names '{member.Name}' twice.");
                if (member.Name == "__metadata__")
                    foreach (var entry in member.Value.EnumerateObject()) metadata[entry.Name] = entry.Value.GetString() ?? throw new FormatException();
                else tensors.Add(member.Name, Tensor(member.Name, member.Value));
            }
            RefuseGapsAndOverlaps(tensors, dataBytes);
            return (tensors.ToImmutable(), metadata.ToImmutable());
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InvalidDataException("The safetensors header is malformed: write the file again with a safetensors library.", malformed);
        }
    }

    private static StoredTensor Tensor(string name, JsonElement value)
    {
        var type = value.GetProperty("dtype").GetString() ?? "null";
        if (!ElementBytes.TryGetValue(type, out var size)) throw new InvalidDataException($"Tensor '{name}' has the unknown type '{type}'.");
        var shape = value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64()).ToImmutableArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64()).ToArray();
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || shape.Any(s => s < 0))
            throw new InvalidDataException($"Tensor '{name}' has impossible offsets or sizes.");
        if (shape.Aggregate((long)size, (product, s) => checked(product * s)) != end - begin)
            throw new InvalidDataException($"Tensor '{name}' has {end - begin} bytes, which is not what its type and shape need.");
        return new StoredTensor(type, shape, begin, end);
    }

    private static void RefuseGapsAndOverlaps(IEnumerable<KeyValuePair<string, StoredTensor>> tensors, long dataBytes)
    {
        var at = 0L;
        foreach (var (name, tensor) in tensors.OrderBy(t => t.Value.Begin).ThenBy(t => t.Value.End))
        {
            if (tensor.Begin != at) throw new InvalidDataException($"Tensor '{name}' overlaps another or leaves a gap before it.");
            at = tensor.End;
        }
        if (at != dataBytes) throw new InvalidDataException($"The safetensors name {at} bytes of values; the file has {dataBytes}.");
    }
}
