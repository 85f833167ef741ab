using AuthServer.Sessions;
using BenchmarkDotNet.Attributes;

namespace AuthServer.Benchmarks;

/// <summary>The derivation of a refresh token from the one before it.</summary>
public class RotationBenchmarks
{
    private const string FamilyId = "0198f3a0-6f0e-7c58-9d53-2f1c0e4d7b11";
    private const string Value = "7Qy1m0m8Zk6vXw3b9r2t5u8x1z4c7v0b3n6m9q2w5e8";

    private readonly Rotation _rotation = new(TestSecrets.Make());

    [Benchmark]
    public string Successor() => _rotation.SuccessorOf(Value, FamilyId);
}
