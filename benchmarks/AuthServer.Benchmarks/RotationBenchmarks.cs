using AuthServer.Sessions;
using BenchmarkDotNet.Attributes;

namespace AuthServer.Benchmarks;

/// <summary>The derivation of a refresh token from the one before it.</summary>
public class RotationBenchmarks
{
    private const string FamilyId = "0198f3a0-6f0e-7c58-9d53-2f1c0e4d7b11";
    private const string Value = "7Qy1m0m8Zk6vXw3b9r2t5u8x1z4c7v0b3n6m9q2w5e8";

    // The derivation asks nothing but the secrets.
    private readonly RefreshFamilies _families = new(
        db: null!,
        database: null!,
        audit: null!,
        TestSecrets.Make(),
        outages: null!,
        TimeProvider.System
    );

    [Benchmark]
    public string Successor() => _families.SuccessorOf(Value, FamilyId);
}
