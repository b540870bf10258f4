using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Parameters.Randomness;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Learning.Tests;

/// <summary>Models and synthetic examples; labelled synthetic, made from a seed.</summary>
internal static class Samples
{
    public static readonly byte[] Seed = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public static ModelSpec Spec(Architecture architecture, params (string Name, TensorRole Role)[] roles) =>
        new(architecture, new InitialWeights.Seeded(7), 20, roles.ToImmutableSortedDictionary(r => r.Name, r => r.Role));

    public static SiteModel Model(ModelSpec spec)
    {
        var model = new SiteModel(spec);
        var values = new float[model.SharedLength];
        InitialVersion.Make(spec, null).ToFloats(values);
        model.LoadShared(values);
        return model;
    }

    /// <summary>Two half moons: no line divides them.</summary>
    public static Examples Moons(int count)
    {
        using var stream = new SeededStream(Seed, "moons");
        var (features, labels) = (new float[count * 2], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var (angle, label) = (stream.NextDouble() * Math.PI, i % 2);
            features[2 * i] = (float)(label == 0 ? Math.Cos(angle) : 1 - Math.Cos(angle));
            features[2 * i + 1] = (float)(label == 0 ? Math.Sin(angle) : 0.5 - Math.Sin(angle));
            labels[i] = label;
        }
        return new(count, 2, features, labels);
    }

    /// <summary>Images of 12×12 with one bright bar: lying, standing or oblique.</summary>
    public static Examples Bars(int count)
    {
        using var stream = new SeededStream(Seed, "bars");
        var (features, labels) = (new float[count * 144], new int[count]);
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            var at = 2 + stream.NextBelow(8);
            for (var p = 0; p < 12; p++)
            {
                var (x, y) = labels[i] switch { 0 => (p, at), 1 => (at, p), _ => (p, (p + at) % 12) };
                features[i * 144 + y * 12 + x] = 1;
            }
            for (var p = 0; p < 144; p++) features[i * 144 + p] += (float)(0.2 * stream.NextDouble());
        }
        return new(count, 144, features, labels);
    }
}
