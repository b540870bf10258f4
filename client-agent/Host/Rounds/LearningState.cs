using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Learning.Training;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>State k of one study at this site: where the sampler stands, what rounding left over, the values that stay here, what the strategy keeps.</summary>
/// <remarks>
/// Format 2, little-endian: "DSFSITE2" | epoch (int64) | position (int32) | lengths of residual, local, control, personal (int32 each) | their float32
/// values in this order.
/// </remarks>
/// <param name="Sampler">Where the next batch begins.</param>
/// <param name="Residual">Error feedback, shape [SharedLength]; empty before the first round.</param>
/// <param name="Local">Values of local, frozen and buffer tensors, shape [LocalLength]; empty before the first round.</param>
/// <param name="Control">SCAFFOLD's cᵢ, shape [SharedLength]; empty without it.</param>
/// <param name="Personal">Ditto's personal model, shape [SharedLength + LocalLength]; empty without it.</param>
public sealed record LearningState(SamplerState Sampler, float[] Residual, float[] Local, float[] Control, float[] Personal)
{
    private const int HeaderBytes = 36;

    public static LearningState Beginning { get; } = new(default, [], [], [], []);

    private float[][] Vectors => [Residual, Local, Control, Personal];

    public byte[] Write()
    {
        var bytes = new byte[checked(HeaderBytes + sizeof(float) * Vectors.Sum(v => v.Length))];
        "DSFSITE2"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Sampler.Epoch);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Sampler.Position);
        var (length, at) = (20, HeaderBytes);
        foreach (var vector in Vectors)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(length), vector.Length);
            MemoryMarshal.AsBytes(vector.AsSpan()).CopyTo(bytes.AsSpan(at));
            (length, at) = (length + sizeof(int), at + sizeof(float) * vector.Length);
        }
        return bytes;
    }

    /// <summary>Reads a state of a model of these lengths; no bytes at all are the beginning.</summary>
    /// <exception cref="SiteFaultException">Another format, or of another model.</exception>
    public static LearningState Read(ReadOnlySpan<byte> bytes, int shared, int local)
    {
        if (bytes.IsEmpty) return Beginning;
        var lengths = new int[4];
        if (bytes.Length < HeaderBytes || !bytes[..8].SequenceEqual("DSFSITE2"u8)) throw Foreign();
        for (var i = 0; i < lengths.Length; i++) lengths[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(20 + sizeof(int) * i)..]);
        if (lengths[0] != shared || lengths[1] != local || lengths[2] != 0 && lengths[2] != shared || lengths[3] != 0 && lengths[3] != shared + local
            || bytes.Length != HeaderBytes + sizeof(float) * lengths.Sum(l => (long)l))
            throw Foreign();
        var values = MemoryMarshal.Cast<byte, float>(bytes[HeaderBytes..]);
        var (vectors, at) = (new float[4][], 0);
        for (var i = 0; i < lengths.Length; at += lengths[i++]) vectors[i] = values.Slice(at, lengths[i]).ToArray();
        return new LearningState(
            new SamplerState(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..])),
            vectors[0], vectors[1], vectors[2], vectors[3]);
    }

    private static SiteFaultException Foreign() =>
        new("The study's state is not one of its model. Restore the study's folder from a backup, or remove its state.json to begin with a fresh state.");
}
