using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Randomness;

namespace DeepSeek.Federated.Agent.Store;

/// <summary>The site's secret from which all its training and rounding randomness comes: so a crash changes nothing, and nobody else can repeat it.</summary>
public sealed class SiteSeed : IDisposable
{
    public const int Length = 32;
    private readonly byte[] _bytes;

    private SiteSeed(byte[] bytes) => _bytes = bytes;

    /// <summary>The randomness of one purpose in one round of one study.</summary>
    public SeededStream Stream(StudyId study, int round, string purpose) => new(_bytes, $"{study}/{round}/{purpose}");

    /// <summary>The seed of one purpose in one round of one study, for code that makes its own streams of it. As secret as the site's.</summary>
    public byte[] Derive(StudyId study, int round, string purpose)
    {
        using var stream = Stream(study, round, purpose);
        var derived = new byte[Length];
        stream.Fill(derived);
        return derived;
    }

    /// <summary>Makes the file if there is none: from the operating system's randomness, or reproducibly for demonstrations and tests.</summary>
    public static void Ensure(SiteDirectory directory, SiteId site, long? reproducible)
    {
        if (File.Exists(directory.Seed)) return;
        var bytes = reproducible is { } number ? Reproducible(site, number) : RandomNumberGenerator.GetBytes(Length);
        DurableFile.Write(directory.Seed, bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }

    public static SiteSeed Load(SiteDirectory directory)
    {
        var bytes = File.Exists(directory.Seed) ? File.ReadAllBytes(directory.Seed) : [];
        return bytes.Length == Length
            ? new SiteSeed(bytes)
            : throw new SiteFaultException($"'{directory.Seed}' does not hold {Length} bytes. Restore it from the backup of this folder.");
    }

    private static byte[] Reproducible(SiteId site, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return SHA256.HashData([.. "federated demonstration seed/"u8, .. Encoding.UTF8.GetBytes(site.Value), .. bytes]);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
