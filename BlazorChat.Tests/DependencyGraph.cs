using Mono.Cecil;
using Mono.Cecil.Cil;

namespace BlazorChat.Tests;

/// <summary>
/// Which parts of an assembly use which others, as in its IL: bases, attributes, signatures and bodies of all types. Constants and
/// <c>nameof</c> leave no trace there.
/// </summary>
/// <param name="partOf">The part that a type belongs to; null for one that counts for nothing. A nested type belongs to its outermost one.</param>
internal sealed class DependencyGraph(ModuleDefinition module, Func<TypeReference, string?> partOf)
{
    private readonly Dictionary<string, Dictionary<string, SortedSet<string>>> _uses = Read(module, partOf);

    public IEnumerable<string> Parts => _uses.Keys;

    public IEnumerable<string> UsesOf(string part) => _uses[part].Keys;

    /// <summary>Parts that use one another, directly or by others, with the types by which they do.</summary>
    public IReadOnlyList<string> FindCycles()
    {
        var reachable = _uses.Keys.ToDictionary(part => part, Reach);
        return
        [
            .. from one in _uses.Keys
               from other in _uses[one].Keys
               where reachable[other].Contains(one)
               let line = $"{one} -> {other}: {string.Join(", ", _uses[one][other])}"
               orderby line
               select line,
        ];
    }

    private HashSet<string> Reach(string start)
    {
        var found = new HashSet<string>();
        var next = new Stack<string>([start]);
        while (next.TryPop(out var part))
        {
            foreach (var used in _uses[part].Keys.Where(found.Add))
                next.Push(used);
        }

        return found;
    }

    private static Dictionary<string, Dictionary<string, SortedSet<string>>> Read(ModuleDefinition module, Func<TypeReference, string?> partOf)
    {
        var uses = new Dictionary<string, Dictionary<string, SortedSet<string>>>();
        foreach (var type in module.Types)
        {
            if (partOf(type) is not { } part)
                continue;
            if (!uses.TryGetValue(part, out var others))
                uses.Add(part, others = []);
            foreach (var used in UsedBy(type).SelectMany(Named).Distinct())
            {
                if (partOf(used) is not { } other || other == part)
                    continue;
                if (!others.TryGetValue(other, out var types))
                    others.Add(other, types = []);
                types.Add($"{type.Name} uses {used.Name}");
            }
        }

        foreach (var part in uses.Values.SelectMany(others => others.Keys).Except(uses.Keys).ToArray())
            uses.Add(part, []);
        return uses;
    }

    /// <summary>Every type that a type names, with those nested in it.</summary>
    public static IEnumerable<TypeReference> UsedBy(TypeDefinition type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Array.Empty<TypeReference>(),
        .. type.Interfaces.Select(one => one.InterfaceType),
        .. Attributes(type),
        .. type.GenericParameters.SelectMany(Constraints),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(property => Attributes(property).Append(property.PropertyType)),
        .. type.Methods.SelectMany(UsedBy),
        .. type.NestedTypes.SelectMany(UsedBy),
    ];

    private static IEnumerable<TypeReference> UsedBy(MethodDefinition method) =>
    [
        method.ReturnType,
        .. Attributes(method),
        .. method.GenericParameters.SelectMany(Constraints),
        .. method.Parameters.SelectMany(parameter => Attributes(parameter).Append(parameter.ParameterType)),
        .. method.HasBody ? UsedBy(method.Body) : [],
    ];

    private static IEnumerable<TypeReference> UsedBy(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType).OfType<TypeReference>(),
        .. body.Instructions.SelectMany(UsedBy),
    ];

    private static IEnumerable<TypeReference> UsedBy(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments, .. method.Parameters.Select(one => one.ParameterType)],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(one => one.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) => parameter.Constraints.Select(one => one.ConstraintType);

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider owner) => owner.CustomAttributes
        .SelectMany(attribute => attribute.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().Append(attribute.AttributeType));

    /// <summary>The types that a reference is made of: a list of rooms names the list and the room.</summary>
    private static IEnumerable<TypeReference> Named(TypeReference type) => type switch
    {
        GenericParameter => [],
        GenericInstanceType generic => [.. Named(generic.ElementType), .. generic.GenericArguments.SelectMany(Named)],
        TypeSpecification specification => Named(specification.ElementType),
        { DeclaringType: { } outer } => Named(outer),
        _ => [type],
    };
}
