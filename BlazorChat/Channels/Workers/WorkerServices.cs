using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers.Queue;
using Microsoft.AspNetCore.Hosting.Server;

namespace BlazorChat.Channels.Workers;

public static class WorkerServices
{
    private const int MaxConcurrency = 64;

    /// <summary>
    /// Makes a worker channel known: what is sent to its name by <see cref="IChannelLayer.SendAsync"/> is kept, and done by a <typeparamref name="TConsumer"/>
    /// in one process of those that run it.
    /// </summary>
    /// <param name="name">1 to 100 of <c>A-Z a-z 0-9 . - _</c>, case-sensitive.</param>
    /// <param name="concurrency">How many jobs each process does at once, 1 to 64.</param>
    /// <exception cref="GroupNameException">The name is no channel's name.</exception>
    /// <exception cref="ArgumentException">The consumer is no <see cref="WorkerConsumer{TJob}"/>.</exception>
    public static IServiceCollection AddWorker<TConsumer>(this IServiceCollection services, string name, int concurrency = 1)
        where TConsumer : WorkerConsumer
    {
        GroupName.Check(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(concurrency, MaxConcurrency);
        return services.AddSingleton(new WorkerChannel(name, typeof(TConsumer), JobOf(typeof(TConsumer)), concurrency));
    }

    /// <summary>
    /// Runs the workers in this process. With <c>worker NAME</c> on the command line it is a process for that worker channel alone, and listens
    /// nowhere. Called when everything else is added: a worker stops before what it uses.
    /// </summary>
    /// <returns>False when the command line asks for what there is not; one line on standard error has said so.</returns>
    internal static bool TryAddWorkerHost(this WebApplicationBuilder builder, string[] args)
    {
        builder.Services.AddWorkerHost();
        if (args is not ["worker", ..])
            return true;
        if (Refuse(builder, args) is { } refusal)
        {
            Console.Error.WriteLine(refusal);
            return false;
        }

        builder.Services.Configure<WorkerOptions>(options => options.Only = args[1]);
        builder.Services.AddSingleton<IServer, NoServer>();
        return true;
    }

    internal static IServiceCollection AddWorkerHost(this IServiceCollection services) => services.AddHostedService<WorkerHost>();

    private static string? Refuse(WebApplicationBuilder builder, string[] args)
    {
        var known = builder.Services
            .Where(service => !service.IsKeyedService)
            .Select(service => service.ImplementationInstance)
            .OfType<WorkerChannel>()
            .Select(channel => channel.Name)
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (args.Length < 2 || !known.Contains(args[1]))
        {
            var names = known.Length == 0 ? "there are none" : string.Join(", ", known);
            return $"Say which worker channel: dotnet BlazorChat.dll worker NAME. The names: {names}.";
        }

        return string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString("Redis"))
            ? "A worker as a process of its own needs the setting ConnectionStrings:Redis, where its jobs are kept."
            : null;
    }

    private static Type JobOf(Type consumer)
    {
        for (var type = consumer; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(WorkerConsumer<>))
                return type.GenericTypeArguments[0];
        }

        throw new ArgumentException($"{consumer} is no WorkerConsumer of a job.");
    }
}
