using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DeepSeek.Federated.EndToEnd.Tests;

/// <summary>README's steps 5 to 8 with the very files that it names: whoever copies the commands ends with a completed study.</summary>
public sealed class The_deployment_that_README_shows
{
    private static readonly string Profile = In("policies", "profiles", "clear-demo.yaml"), Manifest = In("policies", "studies", "heart-disease.yaml");

    [Fact]
    public async Task ends_with_a_completed_study_whose_model_another_one_begins_from()
    {
        var readme = await File.ReadAllTextAsync(In("README.md"));
        Assert.Contains("cp policies/profiles/clear-demo.yaml site/policy.yaml", readme, StringComparison.Ordinal);
        Assert.Contains("dsfed study submit policies/studies/heart-disease.yaml", readme, StringComparison.Ordinal);

        await using var federation = await Federation.Found();
        foreach (var (site, seed) in federation.Sites.Select((site, i) => (site, i)))
        {
            var folder = federation.SiteFolder(site);
            File.Copy(Profile, Path.Combine(folder, "policy.yaml"), overwrite: true);
            await File.WriteAllTextAsync(Path.Combine(folder, "data.csv"), Heart(seed));
            await Executable.Run("agent", "policy", "check", "--dir", folder);
            await Executable.Run("agent", "data", "check", "--manifest", Manifest, "--dir", folder);
        }
        await federation.StartAgents();
        await Dsfed(federation, "study", "submit", Manifest);
        foreach (var site in federation.Sites)
        {
            while (!(await Executable.Run("agent", "study", "list", "--dir", federation.SiteFolder(site))).Contains("heart-disease", StringComparison.Ordinal)) { }
            await Executable.Run("agent", "study", "approve", "heart-disease", "--dir", federation.SiteFolder(site));
        }
        Assert.Equal("completed", (await federation.Completed()).GetProperty("phase").GetString());

        await Continue(federation);
        await Dsfed(federation, "operator", "renew");
        var (verified, said, errors) = await federation.Verify();
        Assert.True(verified == 0, said + errors);
    }

    private static async Task Continue(Federation federation)
    {
        var weights = Path.Combine(federation.Folder, "model.safetensors");
        await Dsfed(federation, "version", "export", "heart-disease", "--format", "safetensors", "--out", weights);
        var second = Path.Combine(federation.Folder, "second.yaml");
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(weights)));
        await File.WriteAllTextAsync(second, (await File.ReadAllTextAsync(Manifest))
            .Replace("name: heart-disease\n  title", "name: second\n  title", StringComparison.Ordinal).Replace("seed: 42", $"initialWeights: {digest}", StringComparison.Ordinal));
        var (code, _, why) = await Executable.Try("dsfed", "study", "submit", second, "--profile", federation.Profile);
        Assert.True(code != 0 && why.Contains("--weights", StringComparison.Ordinal), why);
        await Dsfed(federation, "study", "submit", second, "--weights", weights);

        var again = Path.Combine(federation.Folder, "again.safetensors");
        await Dsfed(federation, "version", "export", "second", "--round", "0", "--format", "safetensors", "--out", again);
        Assert.Equal(Tensors(await File.ReadAllBytesAsync(weights)), Tensors(await File.ReadAllBytesAsync(again)));
    }

    private static Task<string> Dsfed(Federation federation, params string[] arguments) => Executable.Run("dsfed", [.. arguments, "--profile", federation.Profile]);

    // What follows the header, which names the study: the values themselves.
    private static byte[] Tensors(byte[] safetensors) => safetensors[(8 + (int)BitConverter.ToInt64(safetensors))..];

    private static string In(params string[] parts) => Path.Combine([Executable.Metadata("Root"), .. parts]);

    private static string Heart(int seed)
    {
        var random = new Random(2000 + seed);
        var text = new StringBuilder("age,sex,cp,trestbps,chol,fbs,restecg,thalach,exang,oldpeak,num,set\n");
        for (var i = 0; i < 90; i++)
        {
            var (age, cp, thalach) = (random.Next(30, 78), random.Next(1, 5), random.Next(90, 200));
            var ill = (age - 54) / 9.0 + (cp == 4 ? 1.2 : -0.5) - (thalach - 145) / 25.0 + random.NextDouble() > 0.5 ? 1 : 0;
            text.Append(CultureInfo.InvariantCulture,
                $"{age},{random.Next(2)},{cp},{random.Next(100, 180)},{random.Next(150, 400)},{random.Next(2)},{random.Next(3)},{thalach},{random.Next(2)},{random.Next(0, 40) / 10.0},{ill},{(i % 3 == 0 ? "test" : "train")}\n");
        }
        return text.ToString();
    }
}
