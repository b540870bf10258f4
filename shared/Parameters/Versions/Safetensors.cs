using System.Buffers.Binary;
using System.Text.Json;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Layout;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>Writes a version as a safetensors file (F32) that any framework opens; <see cref="SafetensorsFile"/> reads one.</summary>
/// <remarks>Format: github.com/huggingface/safetensors. uint64 header length | JSON header, padded with spaces to 8 bytes | tensors, without gaps.</remarks>
public static class Safetensors
{
    private const int Block = 16 * 1024;

    /// <summary>Writes the shared tensors in layout order; metadata: format, study, version, content, gridBits.</summary>
    /// <param name="to">Receives the file; memory is one block.</param>
    /// <param name="content">The values; beyond |integer| 2^24 float32 rounds them (to nearest, ties to even).</param>
    /// <param name="study">The line it belongs to.</param>
    /// <param name="version">The version's id.</param>
    public static void Write(Stream to, VersionContent content, StudyId study, Digest version)
    {
        var header = Header(content, study, version);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        to.Write(length);
        to.Write(header);

        var floats = new float[Block];
        var bytes = new byte[Block * sizeof(float)];
        for (var at = 0; at < content.Values.Length; at += Block)
        {
            var count = Math.Min(Block, content.Values.Length - at);
            content.ToFloats(at, floats.AsSpan(0, count));
            for (var i = 0; i < count; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), floats[i]);
            to.Write(bytes, 0, count * sizeof(float));
        }
    }

    private static byte[] Header(VersionContent content, StudyId study, Digest version)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteString("study", study.Value);
            json.WriteString("version", version.ToString());
            json.WriteString("content", content.Digest.ToString());
            json.WriteString("gridBits", content.Spec.GridBits.ToString());
            json.WriteEndObject();
            foreach (var slot in content.Layout.Shared) WriteTensor(json, slot);
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteTensor(Utf8JsonWriter json, TensorSlot slot)
    {
        json.WriteStartObject(slot.Name);
        json.WriteString("dtype", "F32");
        json.WriteStartArray("shape");
        foreach (var size in slot.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(slot.Offset * sizeof(float));
        json.WriteNumberValue((slot.Offset + slot.Length) * sizeof(float));
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
