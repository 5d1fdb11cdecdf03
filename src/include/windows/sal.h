/*
 * Annotations of parameters, which mean something to a checker of another compiler and
 * nothing here. `__in' and its kin are names of the C++ library, so they are left alone
 * there.
 */
#ifndef RTM_WINDOWS_SAL_H
#define RTM_WINDOWS_SAL_H

#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_reads_(Count)
#define _In_reads_opt_(Count)
#define _In_reads_bytes_(Count)
#define _In_reads_bytes_opt_(Count)
#define _In_range_(Low, High)
#define _Out_
#define _Out_opt_
#define _Out_writes_(Count)
#define _Out_writes_opt_(Count)
#define _Out_writes_z_(Count)
#define _Out_writes_bytes_(Count)
#define _Out_writes_bytes_opt_(Count)
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Deref_out_
#define _Inout_
#define _Inout_opt_
#define _Inout_z_
#define _Inout_updates_(Count)
#define _Inout_updates_bytes_(Count)
#define _Printf_format_string_
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Check_return_
#define _Must_inspect_result_
#define _Success_(Expression)
#define _When_(Expression, Annotations)
#define _Pre_
#define _Post_
#define _Reserved_
#define _Use_decl_annotations_
#define _Function_class_(Name)
#define _IRQL_requires_max_(Level)
#define _Frees_ptr_opt_

#ifndef __cplusplus
#define __in
#define __in_opt
#define __out
#define __out_opt
#define __inout
#define __inout_opt
#define __in_ecount(Count)
#define __out_ecount(Count)
#define __in_bcount(Count)
#define __out_bcount(Count)
#define __deref_out
#define __reserved
#endif

#endif
