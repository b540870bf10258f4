namespace DeepSeek.Federated.Domain.Studies;

/// <summary>How sites train towards one another and how an aggregate becomes the next version. Each case is a paper's algorithm.</summary>
public abstract record Strategy
{
    private Strategy() { }

    /// <summary>The name that manifests, ledgers and tables use.</summary>
    public abstract string Kind { get; }

    /// <summary>η of the server; 1e-6 to 1,000.</summary>
    public abstract double ServerRate { get; init; }

    /// <summary>Federated averaging (McMahan et al., AISTATS 2017).</summary>
    public sealed record FedAvg(double ServerRate) : Strategy
    {
        /// <inheritdoc/>
        public override string Kind => "fedavg";
    }

    /// <summary>Averaging with momentum at the server (Hsu, Qi and Brown 2019, arXiv:1909.06335).</summary>
    /// <param name="ServerRate">η.</param>
    /// <param name="Momentum">β, 0 to below 1.</param>
    public sealed record FedAvgM(double ServerRate, double Momentum) : Strategy
    {
        /// <inheritdoc/>
        public override string Kind => "fedavgm";
    }

    /// <summary>Averaging of sites that are held near the version they began from (Li et al., MLSys 2020, arXiv:1812.06127).</summary>
    /// <param name="ServerRate">η.</param>
    /// <param name="Mu">μ of the term μ/2·‖w - wᵗ‖², above 0, at most 1,000.</param>
    public sealed record FedProx(double ServerRate, double Mu) : Strategy
    {
        /// <inheritdoc/>
        public override string Kind => "fedprox";
    }

    /// <summary>Adam at the server (Reddi et al., ICLR 2021, arXiv:2003.00295), without bias correction.</summary>
    /// <param name="ServerRate">η.</param>
    /// <param name="Beta1">β₁, 0 to below 1.</param>
    /// <param name="Beta2">β₂, 0 to below 1.</param>
    /// <param name="Tau">τ, the degree of adaptivity, above 0.</param>
    public sealed record FedAdam(double ServerRate, double Beta1, double Beta2, double Tau) : Strategy
    {
        /// <inheritdoc/>
        public override string Kind => "fedadam";
    }

    /// <summary>Yogi at the server (as above).</summary>
    /// <param name="ServerRate">η.</param>
    /// <param name="Beta1">β₁, 0 to below 1.</param>
    /// <param name="Beta2">β₂, 0 to below 1.</param>
    /// <param name="Tau">τ, above 0.</param>
    public sealed record FedYogi(double ServerRate, double Beta1, double Beta2, double Tau) : Strategy
    {
        /// <inheritdoc/>
        public override string Kind => "fedyogi";
    }

    /// <summary>Adagrad at the server (as above).</summary>
    /// <param name="ServerRate">η.</param>
    /// <param name="Beta1">β₁, 0 to below 1.</param>
    /// <param name="Tau">τ, above 0.</param>
    public sealed record FedAdagrad(double ServerRate, double Beta1, double Tau) : Strategy
    {
        /// <inheritdoc/>
        public override string Kind => "fedadagrad";
    }

    /// <summary>Control variates against the drift of sites that differ (Karimireddy et al., ICML 2020, arXiv:1910.06378, option II).</summary>
    public sealed record Scaffold(double ServerRate) : Strategy
    {
        /// <inheritdoc/>
        public override string Kind => "scaffold";
    }

    /// <summary>Normalised averaging of sites that take different numbers of steps (Wang et al., NeurIPS 2020, arXiv:2007.07481).</summary>
    public sealed record FedNova(double ServerRate) : Strategy
    {
        /// <inheritdoc/>
        public override string Kind => "fednova";
    }

    /// <summary>Averaging, and beside it at each site a model of its own that is held near the shared one (Li et al., ICML 2021, arXiv:2012.04221).</summary>
    /// <param name="ServerRate">η.</param>
    /// <param name="Lambda">λ of the personal model's term λ/2·‖v - wᵗ‖², above 0, at most 1,000.</param>
    public sealed record Ditto(double ServerRate, double Lambda) : Strategy
    {
        /// <inheritdoc/>
        public override string Kind => "ditto";
    }
}
