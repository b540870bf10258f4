using System.Text;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Parameters.Layout;

namespace DeepSeek.Federated.Parameters.Tests.Layout;

public sealed class A_model_spec_document
{
    [Fact]
    public void is_canonical_and_frozen()
    {
        var spec = Sample.Mlp with { Roles = Sample.AllShared.Add("layers.2.bias", TensorRole.Local) };
        Assert.Equal(
            """{"architecture":{"hidden":[8,5],"inputs":4,"kind":"mlp","outputs":2},"gridBits":20,"roles":{"layers.2.bias":"local"},"schema":"dsfed.model-spec/v1","start":{"kind":"seeded","seed":"7"}}""",
            Encoding.UTF8.GetString(ModelSpecDocument.Write(spec)));
        Assert.Equal(
            """{"architecture":{"channels":1,"height":28,"kind":"lenet","outputs":10,"width":28},"gridBits":20,"roles":{},"schema":"dsfed.model-spec/v1","start":{"kind":"seeded","seed":"3"}}""",
            Encoding.UTF8.GetString(ModelSpecDocument.Write(Sample.LeNet)));
        Assert.Equal("1e0966aa24fdf1513c877f106633b8d9c10a61e71b93952f2a1df7c5c7c78adc", ModelSpecDocument.Digest(Sample.Logistic()).ToString());
        Assert.Equal("40d156197ce42db4cd8417e01afd0dce64e834787d03f283032486455d547923", ModelSpecDocument.Digest(Sample.Cnn).ToString());
    }

    [Fact]
    public void differs_wherever_the_spec_differs()
    {
        ModelSpec[] specs =
        [
            Sample.Logistic(), Sample.Logistic(4), Sample.Logistic(3, 2), Sample.Logistic(gridBits: 19), Sample.Mlp, Sample.Cnn, Sample.LeNet,
            Sample.Logistic() with { Start = new InitialWeights.Seeded(43) },
            Sample.Logistic() with { Start = new InitialWeights.FromBlob(Domain.Encoding.Digest.Of([])) },
            .. Enum.GetValues<TensorRole>().Select(role => Sample.Logistic() with { Roles = Sample.AllShared.Add("linear.bias", role) }),
        ];
        Assert.Equal(specs.Length, specs.Select(ModelSpecDocument.Digest).Distinct().Count());
    }
}
