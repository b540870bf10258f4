using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DeepSeek.Federated.Coordinator.Serving;

/// <summary>Metrics and traces go out by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector, and nowhere otherwise.</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is not { Length: > 0 }) return;
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("federated.*", "Microsoft.AspNetCore.*", "Microsoft.Orleans", "System.Runtime").AddOtlpExporter())
            .WithTracing(traces => traces.AddSource("federated.*", "Microsoft.Orleans.*").AddAspNetCoreInstrumentation().AddOtlpExporter());
    }
}
