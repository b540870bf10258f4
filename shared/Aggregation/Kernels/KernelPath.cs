using System.Runtime.Intrinsics;

namespace DeepSeek.Federated.Aggregation.Kernels;

/// <summary>The ways in which a kernel can compute. All give the same bits: + - × ÷ √ and rounding are exact operations of IEEE 754, in one order, never fused.</summary>
internal enum KernelPath
{
    /// <summary>One value at a time: the reference that defines the result.</summary>
    Scalar,
    /// <summary>Four at a time (AVX2, two NEON registers).</summary>
    Vector256,
    /// <summary>Eight at a time (AVX-512).</summary>
    Vector512,
}

/// <summary>The fastest path of this processor.</summary>
internal static class KernelPaths
{
    public static KernelPath Best { get; } =
        Vector512.IsHardwareAccelerated ? KernelPath.Vector512 : Vector256.IsHardwareAccelerated ? KernelPath.Vector256 : KernelPath.Scalar;
}
