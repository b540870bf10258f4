using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Signing.Tests.Keys;

public sealed class A_signing_key : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("signing-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "identity.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void returns_from_its_file_as_the_same_identity()
    {
        using var key = SigningKey.Create();
        key.Save(Path);
        using var loaded = SigningKey.Load(Path);

        Assert.Equal(key.Public, loaded.Public);
        Assert.Equal(key.Sign("x"u8), loaded.Sign("x"u8));
        Assert.Equal([Path], Directory.GetFiles(_folder));
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", File.ReadAllText(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void is_never_written_over_another_file()
    {
        using var key = SigningKey.Create();
        using var other = SigningKey.Create();
        key.Save(Path);
        var before = File.ReadAllText(Path);

        var refused = Assert.Throws<KeyFileException>(() => other.Save(Path));

        Assert.Contains("never overwritten", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void can_be_read_by_its_owner_only()
    {
        if (OperatingSystem.IsWindows()) return; // access lists of the folder instead of modes
        using var key = SigningKey.Create();
        key.Save(Path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));

        foreach (var more in new[] { UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.GroupWrite, UnixFileMode.OtherWrite })
        {
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
            Assert.Contains("chmod 600", Assert.Throws<KeyFileException>(() => SigningKey.Load(Path)).Message, StringComparison.Ordinal);
        }
        File.SetUnixFileMode(Path, UnixFileMode.UserRead);
        SigningKey.Load(Path).Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAA\n-----END PRIVATE KEY-----\n")]
    public void refuses_a_file_that_holds_none(string content)
    {
        File.WriteAllText(Path, content);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, UnixFileMode.UserRead);
        var refused = Assert.Throws<KeyFileException>(() => SigningKey.Load(Path));
        Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void refuses_a_file_that_is_missing_or_too_long()
    {
        Assert.Throws<FileNotFoundException>(() => SigningKey.Load(Path));
        File.WriteAllBytes(Path, new byte[5000]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, UnixFileMode.UserRead);
        Assert.Throws<KeyFileException>(() => SigningKey.Load(Path));
    }

    [Fact]
    public void cannot_print_and_signs_nothing_after_disposal()
    {
        var seed = Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        var key = SigningKey.FromSeed(seed);
        Assert.Equal($"the private key of {key.Public}", key.ToString());
        Assert.Equal([nameof(SigningKey.Public)], typeof(SigningKey).GetProperties().Select(p => p.Name));
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign("x"u8));
        Assert.Throws<ArgumentException>(() => SigningKey.FromSeed(seed.AsSpan(1)));
    }

    [Fact]
    public void is_another_one_each_time_it_is_created()
    {
        using var one = SigningKey.Create();
        using var two = SigningKey.Create();
        Assert.NotEqual(one.Public, two.Public);
    }
}
