using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.JSInterop;

namespace BlazorChat.Shell.Circuits;

/// <summary>
/// The types that a circuit describes for the calls of scripts. Each circuit has serializer options of its own, and a serializer describes every
/// ancestor of an argument's type: thirty interfaces for an <see cref="int"/>. None of them is ever written, and they would be a sixth of a circuit
/// (docs/decisions/0046).
/// </summary>
internal sealed class ScriptCallTypes : IJsonTypeInfoResolver
{
    private static readonly ScriptCallTypes Instance = new();

    private readonly DefaultJsonTypeInfoResolver _all = new();

    /// <summary>Call after the circuits were added.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var known = services.Last(service => service.ServiceType == typeof(IJSRuntime));
        services.Remove(known);
        services.AddScoped(provider =>
        {
            var runtime = (IJSRuntime)ActivatorUtilities.CreateInstance(provider, known.ImplementationType!);
            OptionsOf((JSRuntime)runtime).TypeInfoResolver = Instance;
            return runtime;
        });
    }

    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) => IsOnlyAncestor(type) ? null : _all.GetTypeInfo(type, options);

    /// <summary>Whether no property, argument or result is declared with this type.</summary>
    internal static bool IsOnlyAncestor(Type type)
    {
        if (!type.IsInterface)
            return type == typeof(ValueType) || type == typeof(Enum);
        if (type.Namespace is "System" or "System.Collections" or "System.Numerics" or "System.Runtime.Serialization")
            return true;
        // Of a string, and of dictionaries.
        return type.GenericTypeArguments is [var item] && (item == typeof(char) || (item.IsGenericType && item.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)));
    }

    // The property is protected: it is for derived classes, and Blazor's is sealed.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_JsonSerializerOptions")]
    private static extern JsonSerializerOptions OptionsOf(JSRuntime runtime);
}
