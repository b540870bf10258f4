using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Learning.Evaluation;
using DeepSeek.Federated.Learning.Models;
using TorchSharp;

namespace DeepSeek.Federated.Learning.Tests;

public sealed class A_model
{
    public static TheoryData<string> Kinds => ["logistic", "mlp", "cnn", "lenet"];

    private static Architecture Of(string kind) => kind switch
    {
        "logistic" => new Architecture.Logistic(13, 1),
        "mlp" => new Architecture.Mlp(13, [8, 4], 3),
        "lenet" => new Architecture.LeNet(3, 16, 21, 5),
        _ => new Architecture.Cnn(2, 13, 15, [4, 6], 10, 5),
    };

    [Theory, MemberData(nameof(Kinds))]
    public void has_the_tensors_of_its_layout_as_views_of_one_vector(string kind)
    {
        using var model = new SiteModel(Samples.Spec(Of(kind)));
        var values = Enumerable.Range(0, model.SharedLength).Select(i => (float)i).ToArray();
        model.LoadShared(values);
        Assert.Equal(model.Layout.All.Sum(s => s.Length), model.SharedLength);
        foreach (var slot in model.Layout.All)
        {
            Assert.Equal(slot.Shape, model[slot.Name].shape);
            Assert.Equal(values.AsSpan((int)slot.Offset, (int)slot.Length).ToArray(), model[slot.Name].detach().flatten().data<float>().ToArray());
        }
        var back = new float[values.Length];
        model.CopyShared(back);
        Assert.Equal(values, back);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void gives_one_logit_an_output_and_probabilities_in_any_batch_size(string kind)
    {
        using var model = Samples.Model(Samples.Spec(Of(kind)));
        var rows = Enumerable.Range(0, 7 * model.Inputs).Select(i => (float)Math.Sin(i)).ToArray();
        using (torch.NewDisposeScope())
            Assert.Equal([7, model.Outputs], model.Forward(torch.tensor(rows).view(7, model.Inputs)).shape);
        var whole = Evaluator.Predict(model, rows, 7);
        Assert.Equal(7 * model.Outputs, whole.Length);
        Assert.All(whole, p => Assert.InRange(p, 0, 1));
        if (model.Outputs > 1) Assert.All(whole.Chunk(model.Outputs), row => Assert.Equal(1, row.Sum(), 1e-5f));
        Assert.All(whole.Zip(Evaluator.Predict(model, rows, 3)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Empty(Evaluator.Predict(model, [], 3));
    }

    [Fact]
    public void of_one_layer_is_the_logistic_function()
    {
        using var model = new SiteModel(Samples.Spec(new Architecture.Logistic(2, 1)));
        model.LoadShared([2, -1, 0.5f]);
        Assert.Equal([(float)(1 / (1 + Math.Exp(-(2 * 3 - 1 * 4 + 0.5)))), (float)(1 / (1 + Math.Exp(-0.5)))], Evaluator.Predict(model, [3, 4, 0, 0], 2), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void of_lenets_kind_computes_what_its_layers_say()
    {
        using var model = Samples.Model(Samples.Spec(new Architecture.LeNet(2, 17, 22, 3)));
        var row = Enumerable.Range(0, model.Inputs).Select(i => Math.Sin(0.7 * i)).ToArray();
        double[] Values(string name) => [.. model[name].detach().flatten().data<float>().ToArray().Select(v => (double)v)];
        var (first, height, width) = PlainLayers.Convolution(row, 2, 17, 22, Values("conv1.weight"), Values("conv1.bias"), 5);
        (var x, height, width) = PlainLayers.Convolution(first, 6, height, width, Values("conv2.weight"), Values("conv2.bias"), 5);
        Assert.Equal((1, 2), (height, width));
        x = PlainLayers.Relu(PlainLayers.Linear(x, Values("fc1.weight"), Values("fc1.bias")));
        x = PlainLayers.Relu(PlainLayers.Linear(x, Values("fc2.weight"), Values("fc2.bias")));
        x = PlainLayers.Linear(x, Values("fc3.weight"), Values("fc3.bias"));
        var expected = x.Select(logit => Math.Exp(logit) / x.Sum(Math.Exp));
        Assert.All(expected.Zip(Evaluator.Predict(model, [.. row.Select(v => (float)v)], 1)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void evaluates_no_rows_to_zeros()
    {
        using var model = Samples.Model(Samples.Spec(new Architecture.Logistic(2, 1)));
        Assert.Equal(new(0, 0, 0), Evaluator.Evaluate(model, new(0, 2, [], []), 8, CancellationToken.None));
    }

    [Fact]
    public void that_starts_from_a_file_waits_for_the_values_of_its_local_tensors()
    {
        var spec = Samples.Spec(new Architecture.Logistic(2, 1), ("linear.bias", TensorRole.Local)) with { Start = new InitialWeights.FromBlob(Digest.Of([1])) };
        using var model = new SiteModel(spec);
        Assert.Throws<InvalidOperationException>(() => Evaluator.Predict(model, [1, 2], 1));
        model.LoadLocal([0]);
        Assert.Equal([0.5f], Evaluator.Predict(model, [1, 2], 1));
    }
}
