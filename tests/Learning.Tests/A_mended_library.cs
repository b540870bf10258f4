using System.Buffers.Binary;
using System.Security.Cryptography;
using CsCheck;
using DeepSeek.Federated.Learning.Native;
using DeepSeek.Federated.Parameters.Randomness;

namespace DeepSeek.Federated.Learning.Tests;

public sealed class A_mended_library : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string Original
    {
        get
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "Only libraries of Linux are mended.");
            return Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        }
    }

    [Fact]
    public void differs_from_the_original_in_one_bit_and_is_private()
    {
        var copy = MendedLibrary.Provide(Original, Path.Combine(_directory, "cache"));
        var (before, after) = (File.ReadAllBytes(Original), File.ReadAllBytes(copy));
        Assert.Equal(1, before.Zip(after).Sum(pair => int.PopCount(pair.First ^ pair.Second)));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_directory, "cache")));
    }

    [Fact]
    public void is_made_again_when_somebody_changed_it()
    {
        var copy = MendedLibrary.Provide(Original, _directory);
        File.WriteAllBytes(copy, [1, 2, 3]);
        Assert.Equal(copy, MendedLibrary.Provide(Original, _directory));
        Assert.Equal(MendedLibrary.Mended, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(copy))));
        Assert.Single(Directory.GetFiles(_directory));
    }

    [Fact]
    public void is_never_made_from_an_unknown_file_nor_in_an_open_folder()
    {
        var other = Path.Combine(_directory, "other.so");
        File.WriteAllBytes(other, [.. File.ReadAllBytes(Original), 0]);
        Assert.Contains("not the file of TorchSharp", Assert.Throws<TorchUnavailableException>(() => MendedLibrary.Provide(other, Path.Combine(_directory, "cache"))).Message);
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        Assert.Contains("chmod 700", Assert.Throws<TorchUnavailableException>(() => MendedLibrary.Provide(Original, _directory)).Message);
    }

    [Fact]
    public void comes_from_no_hostile_bytes()
    {
        var original = File.ReadAllBytes(Original);
        var sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(original.AsSpan(40));
        var needs = (int)BinaryPrimitives.ReadUInt64LittleEndian(original.AsSpan(sections + 64 * NeedSection(original, sections) + 24));
        var (mended, refused) = (0, 0);
        void Try(byte[] bytes)
        {
            try
            {
                ElfVersionNeeds.Weaken(bytes, "libstdc++.so.6", "GLIBCXX_3.4.32");
                mended++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        using var stream = new SeededStream(Samples.Seed, "hostile");
        var scratch = new byte[original.Length];
        // Wild bytes where they hurt: file header, section table, version needs.
        foreach (var (from, length) in new[] { (0, 64), (sections, original.Length - sections), (needs, 0x210) })
        {
            for (var i = 0; i < 400; i++)
            {
                original.CopyTo(scratch, 0);
                for (var n = stream.NextBelow(4); n >= 0; n--) scratch[from + stream.NextBelow(length)] = (byte)stream.NextBelow(256);
                Try(scratch);
            }
        }
        foreach (var length in new[] { 0, 1, 63, 64, 4096, original.Length / 2, sections, sections + 100, original.Length - 1 }) Try(original[..length]);
        Gen.Byte.Array[0, 300].Sample(bytes => Try([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, .. bytes]), iter: 500, threads: 1);
        Assert.True(mended > 0 && refused > 500, $"both outcomes must be reached: {mended} mended, {refused} refused");
    }

    private static int NeedSection(byte[] elf, int sections) => Enumerable.Range(0, BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(60)))
        .Single(i => BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(sections + 64 * i + 4)) == 0x6ffffffe);
}
