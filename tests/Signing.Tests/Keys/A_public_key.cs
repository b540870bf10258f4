using CsCheck;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Signing.Tests.Keys;

public sealed class A_public_key
{
    // RFC 8032, section 7.1: secret key, public key, message, signature.
    [Theory]
    [InlineData("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void verifies_the_signatures_of_RFC_8032(string secret, string expectedPublic, string message, string expectedSignature)
    {
        using var key = SigningKey.FromSeed(Convert.FromHexString(secret));
        var signature = key.Sign(Convert.FromHexString(message));

        Assert.Equal(expectedPublic, Convert.ToHexStringLower(key.Public.ToArray()));
        Assert.Equal(expectedSignature, Convert.ToHexStringLower(signature));
        Assert.True(key.Public.Verify(Convert.FromHexString(message), signature));
    }

    [Fact]
    public void refuses_every_other_message_signature_and_key()
    {
        using var key = SigningKey.Create();
        using var other = SigningKey.Create();
        Gen.Select(Gen.Byte.Array[1, 100], Gen.Int[0, 511], Gen.Int[0, 799]).Sample((message, signatureBit, messageBit) =>
        {
            var signature = key.Sign(message);
            Assert.True(key.Public.Verify(message, signature));
            Assert.False(other.Public.Verify(message, signature));
            Assert.False(key.Public.Verify(message, Flipped(signature, signatureBit)));
            Assert.False(key.Public.Verify(Flipped(message, messageBit % (message.Length * 8)), signature));
        }, iter: 200);
    }

    [Fact]
    public void verifies_nothing_by_default()
    {
        using var key = SigningKey.Create();
        Assert.False(default(PublicKey).Verify("x"u8, key.Sign("x"u8)));
        Assert.False(default(PublicKey).Verify("x"u8, new byte[64]));
        Assert.False(key.Public.Verify("x"u8, []));
        Assert.False(key.Public.Verify("x"u8, new byte[63]));
        Assert.False(key.Public.Verify("x"u8, new byte[65]));
    }

    [Fact]
    public void has_one_text_form()
    {
        Gen.Byte.Array[32].Sample(bytes =>
        {
            var key = new PublicKey(bytes);
            Assert.True(PublicKey.TryParse(key.ToString(), out var read));
            Assert.Equal(key, read);
            Assert.Equal(bytes, read.ToArray());
            Assert.Equal(Digest.Of(bytes), read.Fingerprint);
        });
        var text = new PublicKey(new byte[32]).ToString();
        Assert.Equal("ed25519:" + new string('A', 43), text);
        string?[] others = [null, "", "ed25519:", text + "=", text[..^1], text[..^1] + "B", text[..^1] + "+", text.ToUpperInvariant(), " " + text[1..], text + " "];
        Assert.All(others, other => Assert.False(PublicKey.TryParse(other, out _)));
        Assert.Throws<FormatException>(() => PublicKey.Parse("ed25519:nonsense"));
        Assert.Throws<ArgumentException>(() => new PublicKey(new byte[31]));
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var copy = bytes.ToArray();
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }
}
