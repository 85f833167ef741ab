// peers: AuthServer beside its peers on the same core; see Peers/Course.cs.
// growth: refreshes with a million people in the database; see Growth/GrowthVerb.cs.
// timing: whether the time of an answer tells anything about an account; see Timing.cs. Otherwise:
// What a storm of failed sign-ins does to everybody else. Twice the same honest load, without the storm and within it:
// the first is the baseline of the second. Bounded: it ends by itself, and so does the server that it starts.
//
//   dotnet run -c Release --project benchmarks/load -- peers [--rounds 5] [--seconds 5] [--only …] [--targets …] [--out file.md]
//   dotnet run -c Release --project benchmarks/load -- growth [people: 1000000] [tokens: 10000000]
//   dotnet run -c Release --project benchmarks/load -- timing [samples: 200] [bcrypt cost: 11]
//   dotnet run -c Release --project benchmarks/load -- [seconds of each half: 60] [failed sign-ins a second: 200]

using System.Globalization;
using Load;
using Load.Growth;
using Load.Peers;

if (args is ["timing", ..])
{
    return await Timing.RunAsync(args[1..]);
}

if (args is ["peers", ..])
{
    return await PeersVerb.RunAsync(args[1..]);
}

if (args is ["growth", ..])
{
    return await GrowthVerb.RunAsync(args[1..]);
}

if (args is [SigningRate.Verb, var length])
{
    SigningRate.Say(int.Parse(length, CultureInfo.InvariantCulture));
    return 0;
}

var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
var failures = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200;
if (seconds is < 1 or > 600 || failures is < 1 or > 1000)
{
    await Console.Error.WriteLineAsync("At most 600 seconds, and 1 to 1000 failed sign-ins a second.");
    return 2;
}

await using var target = new Target(Crowd.Emails);
await target.ReadyAsync();
using var web = new Web(target.Address);
var crowd = await Crowd.GatherAsync(web);
await HonestLoad.RunAsync(web, crowd, new Tally(), seconds: 5); // whatever is compiled or cached at first use

var calm = new Tally();
await HonestLoad.RunAsync(web, crowd, calm, seconds);
var memoryBefore = target.ResidentMegabytes;

var stormy = new Tally();
await Task.WhenAll(
    HonestLoad.RunAsync(web, crowd, stormy, seconds),
    Storm.RunAsync(web, stormy, seconds, failures)
);

Report.Print(calm, stormy, memoryBefore, target.ResidentMegabytes);
return 0;
