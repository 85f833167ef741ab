namespace AuthServer.Commands.SafeStart;

/// <summary>The whole list, in the order of its numbers. A rule whose subject does not exist yet has no line.</summary>
internal static class Rules
{
    public static readonly IReadOnlyList<Rule> All =
    [
        .. AddressRules
            .All.Concat(SecretRules.All)
            .Concat(StoreRules.All)
            .Concat(FeatureRules.All)
            .Concat(MachineRules.All)
            .OrderBy(rule => rule.Id, StringComparer.Ordinal),
    ];
}
