using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Learning.Training;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>State k of one study at this site: where the sampler stands, what rounding left over, the values that stay here.</summary>
/// <remarks>Format 1, little-endian: "DSFSITE1" | epoch (int64) | position (int32) | residual length (int32) | local length (int32) | float32 values.</remarks>
/// <param name="Sampler">Where the next batch begins.</param>
/// <param name="Residual">Error feedback, shape [SharedLength]; empty before the first round.</param>
/// <param name="Local">Values of local, frozen and buffer tensors, shape [LocalLength]; empty before the first round.</param>
public sealed record LearningState(SamplerState Sampler, float[] Residual, float[] Local)
{
    private const int HeaderBytes = 28;

    public static LearningState Beginning { get; } = new(default, [], []);

    public byte[] Write()
    {
        var bytes = new byte[HeaderBytes + sizeof(float) * (Residual.Length + Local.Length)];
        "DSFSITE1"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Sampler.Epoch);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Sampler.Position);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), Residual.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), Local.Length);
        MemoryMarshal.AsBytes(Residual.AsSpan()).CopyTo(bytes.AsSpan(HeaderBytes));
        MemoryMarshal.AsBytes(Local.AsSpan()).CopyTo(bytes.AsSpan(HeaderBytes + sizeof(float) * Residual.Length));
        return bytes;
    }

    /// <summary>Reads a state of a model of these lengths; no bytes at all are the beginning.</summary>
    /// <exception cref="SiteFaultException">Another format, or of another model.</exception>
    public static LearningState Read(ReadOnlySpan<byte> bytes, int shared, int local)
    {
        if (bytes.IsEmpty) return Beginning;
        if (bytes.Length != HeaderBytes + sizeof(float) * ((long)shared + local) || !bytes[..8].SequenceEqual("DSFSITE1"u8)
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]) != shared || BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]) != local)
            throw new SiteFaultException("The study's state is not one of its model. Restore the study's folder from a backup, or remove its state.json to begin with a fresh state.");
        var values = MemoryMarshal.Cast<byte, float>(bytes[HeaderBytes..]);
        return new LearningState(
            new SamplerState(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..])),
            values[..shared].ToArray(), values[shared..].ToArray());
    }
}
